"""Handling conversations: open, done or snoozed, and assigned to a member by hand or in turn."""

from datetime import UTC, datetime

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from service.accounts.access import members_on
from service.accounts.models import Member
from service.db import Read
from service.errors import Invalid
from service.inbox.models import Conversation, Handling
from service.inbox.shared import InboxSettings, ReadMark
from service.time import now


def note_incoming(session: Session, conversation: Conversation) -> None:
    """Count a call or text that came in as unread, open the conversation, and assign it if the line does so in turn."""
    conversation.heard = Conversation.heard + 1
    reopen(conversation)
    give_in_turn(session, conversation)


def take_out(session: Session, conversation: Conversation) -> None:
    """What came in last turned out not to be worth reading: it counts as unread for no member any more."""
    session.execute(
        update(ReadMark)
        .where(ReadMark.conversation_id == conversation.id, ReadMark.heard == conversation.heard)
        .values(heard=ReadMark.heard - 1)
    )
    conversation.heard = Conversation.heard - 1


def finish(conversation: Conversation) -> None:
    """Mark it as done. A new call or text opens it again."""
    conversation.handling, conversation.snoozed_until = Handling.DONE, None


def reopen(conversation: Conversation) -> None:
    """Mark it as open."""
    conversation.handling, conversation.snoozed_until = Handling.OPEN, None


def snooze(conversation: Conversation, until: datetime) -> None:
    """Snooze it until a moment (aware) or the contact's next call or text. Raises `Invalid` for a past moment."""
    if until <= now():
        raise Invalid({"until": ["Choose a time that is still to come."]})
    conversation.handling, conversation.snoozed_until = Handling.SNOOZED, until


def wake(session: Session) -> None:
    """Reopen conversations whose snooze is over, at the top of the inbox."""
    due = select(Conversation).where(Conversation.snoozed_until <= now()).with_for_update(skip_locked=True)
    for conversation in session.scalars(due):
        reopen(conversation)
        conversation.last_at = now()


def assign(session: Session, conversation: Conversation, user_id: int | None) -> None:
    """Assign it to a member (None: to no member). Raises `Invalid` if the member does not see its line."""
    may = {member.user_id for member in members_on(session, conversation.line)}
    if user_id is not None and user_id not in may:
        raise Invalid({"assignee": ["Choose a member who sees this line."]})
    conversation.assignee_id = user_id
    conversation.assigned_at = now() if user_id else None


def give_in_turn(session: Session, conversation: Conversation) -> None:
    """Assign an unassigned conversation to the member on duty who was assigned one longest ago, if the line does so."""
    if conversation.assignee_id is not None:
        return
    if not _IN_TURN.first(session, line_id=conversation.line_id):
        return
    # locked: two texts at once are not both given to the same member
    session.get(InboxSettings, conversation.line_id, with_for_update=True, populate_existing=True)
    on_duty = [member for member in members_on(session, conversation.line) if member.on_duty]
    if on_duty:
        assign(session, conversation, _next(session, conversation.line_id, on_duty).user_id)


_IN_TURN = Read(
    select(InboxSettings.line_id).where(InboxSettings.line_id == bindparam("line_id"), InboxSettings.in_turn)
)


def settings_of(session: Session, line_id: int) -> InboxSettings:
    """The inbox settings of a line, made with the defaults if it has none."""
    settings = session.get(InboxSettings, line_id)
    if settings is None:  # the first two texts of a line may come at once
        session.execute(insert(InboxSettings).values(line_id=line_id).on_conflict_do_nothing())
        settings = session.get_one(InboxSettings, line_id)
    return settings


def _next(session: Session, line_id: int, on_duty: list[Member]) -> Member:
    assigned = (
        select(Conversation.assignee_id, func.max(Conversation.assigned_at).label("at"))
        .where(Conversation.line_id == line_id, Conversation.assignee_id.in_([member.user_id for member in on_duty]))
        .group_by(Conversation.assignee_id)
    )
    last = {row.assignee_id: row.at for row in session.execute(assigned)}
    never = datetime.min.replace(tzinfo=UTC)
    return min(on_duty, key=lambda member: (last.get(member.user_id, never), member.id))
