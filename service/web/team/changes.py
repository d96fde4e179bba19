"""The log page: who changed what in a workspace, and when."""

from collections.abc import Mapping
from typing import Any, Final

from flask import Blueprint, render_template, request
from flask_babel import gettext, ngettext

from service.accounts.change_log import DIFFERENCES, Action, Change, changes_of
from service.accounts.models import Membership
from service.web.shell.context import member_in_charge, services
from service.web.shell.requests import row_id
from service.web.shell.words import role, spelled
from service.web.team.differences import in_words

blueprint = Blueprint("changes", __name__)

PER_PAGE: Final = 50

SENTENCES: Final[Mapping[Action, str]] = {
    Action.MEMBER_INVITED: "Invited {subject}",
    Action.INVITATION_SENT_AGAIN: "Sent the invitation to {subject} again",
    Action.INVITATION_REVOKED: "Canceled the invitation to {subject}",
    Action.MEMBER_JOINED: "Joined the team",
    Action.MEMBER_REMOVED: "Removed {subject} from the team",
    Action.MEMBER_LEFT: "Left the team",
    Action.ROLE_CHANGED: "Changed the role of {subject}: {before} → {after}",
    Action.LINES_CHANGED: "Changed the lines of {subject}: {before} → {after}",
    Action.OWNERSHIP_HANDED_OVER: "Made {subject} the owner",
    Action.SECOND_STEP_DEMANDED: "Turned on the second step for everyone",
    Action.SECOND_STEP_LEFT_FREE: "Made the second step optional",
    Action.SECOND_STEP_TAKEN_AWAY: "Removed the second step of {subject}",
    Action.LINE_CHANGED: "Changed the settings of {subject}",
    Action.LINE_REMOVED: "Removed the line {subject}",
    Action.LINE_RESTORED: "Brought the line {subject} back",
    Action.CALL_PLAN_CHANGED: "Changed how {subject} answers calls",
    Action.CALL_PLAN_PUT_BACK: "Restored how {subject} answered calls before",
    Action.RECORDING_SWITCHED: "Changed call recording on {subject}",
    Action.CALLER_BLOCKED: "Blocked {subject}",
    Action.CALLER_UNBLOCKED: "Unblocked {subject}",
    Action.TEXTS_STOPPED: "Noted that {subject} wants no texts",
    Action.TEXTS_ALLOWED: "Noted that {subject} can get texts again",
    Action.AGREEMENT_RECORDED: "Recorded that {subject} agreed to texts",
    Action.NUMBER_BOUGHT: "Got the number {subject} for {line}",
    Action.NUMBER_CHANGED: "Changed the number {subject}",
    Action.NUMBER_ENDED: "Released {subject}",
    Action.NUMBER_KEPT: "Kept {subject} from being released",
    Action.NUMBER_LEFT: "Learned from our carrier: {subject} is with another provider now",
    Action.NUMBER_UNLOCKED: "Unlocked {subject} for a transfer to another provider",
    Action.NUMBER_LOCKED: "Locked {subject} against transfers to other providers",
    Action.PORT_OUT_FACTS_SEEN: "Looked at what a new provider asks for {subject}",
    Action.PORT_OUT_PIN_MADE: "Made a new transfer PIN for {subject}",
    Action.PORT_OUT_DISPUTED: "Stopped a transfer of {subject} to another provider",
    Action.NUMBER_WANTED: "Started a transfer of {subject}",
    Action.DETAILS_ASKED: "Asked {email} for details of {subject}",
    Action.DETAILS_ASKED_AGAIN: "Asked {email} for details of {subject} again",
    Action.DETAILS_LINK_REVOKED: "Turned off the link for {email} to give details of {subject}",
    Action.DETAILS_GIVEN: "{subject} gave details of a number by the link in their mail",
    Action.PORT_SENT: "Sent the transfer request for {subject}",
    Action.PORT_CORRECTED: "Corrected the transfer request for {subject}",
    Action.DESK_ANSWERED: "Answered the transfer desk about {subject}",
    Action.PORT_MOVED: "Asked for another date for {subject}",
    Action.PORT_TIMED: "Chose the time at which {subject} moves",
    Action.PORT_CANCELED: "Asked to cancel the transfer of {subject}",
    Action.MOVE_TAKEN_BACK: "Undid the transfer of {subject}",
    Action.MOVED_AGAIN: "Resumed the transfer of {subject}",
    Action.RETURN_WANTED: "Asked to return {subject} to the old provider",
    Action.RETURN_REPORTED: "Asked our carrier if {subject} is back with the old provider",
    Action.NUMBER_RETURNED: "Confirmed by our carrier: {subject} is back with the old provider",
    Action.STATUS_LINK_MADE: "Created a link to follow {subject}",
    Action.STATUS_LINK_REVOKED: "Turned off the link to follow {subject}",
    Action.SAVED_REPLY_CHANGED: "Changed the saved reply {subject}",
    Action.AUTOMATIC_ANSWER_CHANGED: "Changed the automatic answers of {subject}",
    Action.BUSINESS_SENT: "Sent the registration of the business for texts",
    Action.OWN_NUMBER_SHOWN: "Asked to show {subject} on calls",
    Action.OWN_NUMBER_HIDDEN: "Stopped showing {subject} on calls",
    Action.API_KEY_MADE: "Made the API key {subject}",
    Action.API_KEY_REVOKED: "Revoked the API key {subject}",
    Action.WEBHOOK_ADDED: "Added the webhook to {subject}",
    Action.WEBHOOK_CHANGED: "Changed the webhook to {subject}",
    Action.WEBHOOK_ROTATED: "Made a new secret for the webhook to {subject}",
    Action.WEBHOOK_REMOVED: "Removed the webhook to {subject}",
    Action.ALL_DOWNLOADED: "Downloaded everything in the workspace",
    Action.CONTACT_ERASED: "Deleted a contact and everything said with them",
    Action.ACCOUNT_CLOSED: "Asked to close the account",
    Action.ACCOUNT_KEPT: "Kept the account from being closed",
    Action.SUPPORT_GRANTED: "Let support look into the workspace (hours: {hours})",
    Action.SUPPORT_ENDED: "Ended support’s look into the workspace",
}
"""A sentence for each action. Words in braces are its subject and details."""


@blueprint.get("/team/log")
def listing() -> str:
    """The log page: the latest changes, and older ones page by page."""
    before = request.args.get("before", type=row_id)
    with services().sessions.begin() as session:
        mine = member_in_charge(session)
        changes = changes_of(session, mine.workspace_id, before=before, most=PER_PAGE + 1)
        return render_template(
            "team/changes.html",
            changes=[(change, sentence_of(change), in_words(session, change)) for change in changes[:PER_PAGE]],
            older=changes[PER_PAGE - 1].id if len(changes) > PER_PAGE else None,
            newest=before is None,
        )


def sentence_of(change: Change) -> str:
    """A change in a sentence, in the page's language."""
    details = {name: _word(value) for name, value in change.details.items() if name != DIFFERENCES}
    return str(gettext(SENTENCES[change.action])).format_map(_Known(details | {"subject": _subject(change)}))


def _subject(change: Change) -> str:
    subject, others = spelled(change.subject), change.details.get("others", 0)
    more = str(ngettext("and %(num)d more", "and %(num)d more", others))
    return f"{subject} {more}" if others else subject


class _Known(dict[str, str]):
    """Details by name; a missing one becomes a dash."""

    def __missing__(self, name: str) -> str:
        return "–"


def _word(value: Any) -> str:  # noqa: ANN401 -- whatever JSON holds
    return role(Membership(value)) if value in set(Membership) else str(value) or "–"
