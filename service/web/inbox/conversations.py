"""The list of conversations, and the page of one."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Final

from flask import Blueprint, render_template, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from service.accounts.access import lines_read_by, members_on
from service.accounts.members import team_of
from service.accounts.models import Member
from service.calls.legs.talking import on_the_line, ringable, rings_contact, without_legs
from service.calls.queries import plan_of
from service.inbox import entries as threads
from service.inbox.about import about
from service.inbox.introduction import is_first
from service.inbox.listing import View, listing, pulse
from service.inbox.models import Contact, Conversation
from service.inbox.notes import handles
from service.inbox.pictures import NO_PICTURES
from service.inbox.reading import look, mark_read, others
from service.inbox.saved_replies import fill
from service.inbox.search import contacts, quoted, search
from service.inbox.tags import tags_here, tags_of
from service.inbox.unsent import unsent_in
from service.inbox.writing import latest_answer, picture_limits, texting_refusal
from service.lines.inventory import outgoing_number
from service.lines.models import Line
from service.optins import opt_ins_of
from service.optouts import last_word
from service.phone_numbers import is_callable
from service.registration.pools import awaits_registration
from service.web.inbox.forms import NoteForm, ReplyForm
from service.web.inbox.local_times import later_times
from service.web.inbox.permission import refusal
from service.web.inbox.previews import passages, previews
from service.web.shell.context import member, only_looks, person, services
from service.web.shell.etag import unless_changed
from service.web.shell.form import Form
from service.web.shell.requests import row_id
from service.web.shell.scoped import my_conversation
from service.web.shell.words import spelled

blueprint = Blueprint("inbox", __name__, url_prefix="/inbox")

Facts = dict[str, Any]

CONTACTS: Final = 5
"""Contacts that the page of a search shows above the conversations."""


@blueprint.get("/")
def show() -> str:
    """The inbox page: open conversations, the latest first. `view` in the address chooses others, `line` one line's."""
    with services().sessions.begin() as session:
        here = member(session)
        return render_template("inbox/inbox.html", **listed(session, here), **_selecting(session, here))


@blueprint.get("/list")
def latest() -> Response:
    """The list alone, which the page reloads. Answers 304 if nothing changed."""
    with services().sessions.begin() as session:
        here = member(session)
        version = pulse(session, lines_read_by(session, here)), request.full_path, here.id
        return unless_changed(version, lambda: render_template("inbox/_conversations.html", **listed(session, here)))


@blueprint.get("/<int:conversation_id>")
def read(conversation_id: int) -> str:
    """The page of one conversation. Opening it marks it as read."""
    return page(conversation_id)


@blueprint.get("/<int:conversation_id>/entries")
def entries(conversation_id: int) -> Response:
    """Entries of a conversation and who else looks at it, which the page reloads. Answers 304 if nothing changed."""
    with services().sessions.begin() as session:
        conversation = my_conversation(session, conversation_id)
        if not only_looks():
            look(session, conversation, person().id, typing="typing" in request.args)
        there = [(presence.user.id, typing) for presence, typing in others(session, conversation, person().id)]
        version = conversation.changed_at, there, person().id
        return unless_changed(version, lambda: _thread(session, conversation))


def page(conversation_id: int, *, reply: Form | None = None, note: Form | None = None, **more: Any) -> str:  # noqa: ANN401 -- further values of the template
    """The page of a conversation, with forms as they were filled in."""
    with services().sessions.begin() as session:
        conversation = my_conversation(session, conversation_id)
        if not only_looks():
            look(session, conversation, person().id, typing=False)
        facts = _entries_of(session, conversation) | _actions_on(session, conversation)
        facts |= listed(session, member(session)) | _selecting(session, member(session))
        facts["own_tags"] = tags_of(session, [conversation]).get(conversation.id, [])
        typed = unsent_in(session, conversation, person().id)
        reply = reply or _begun(facts, typed.answer)
        note = note or Form(NoteForm(), kept={"note": typed.note})
        return render_template("inbox/conversation.html", reply=reply, note=note, **facts, **more)


def _begun(facts: Facts, typed: str) -> Form:
    """An answer as far as it is typed, or one that begins with the saved reply named by `reply` in the address."""
    chosen = request.args.get("reply", 0, row_id)
    text = next((one.text for one in facts["replies"] if one.id == chosen), typed)
    return Form(ReplyForm(), kept={"seen": facts["latest_answer"], "text": text})


def listed(session: Session, here: Member) -> Facts:
    """The conversations that the address asks for, as `_inbox_list.html` shows them."""
    lines, chosen = lines_read_by(session, here), request.args.get("line", 0, row_id)
    only = [line for line in lines if line.id == chosen]
    filters: Facts = {"lines": [line for line in lines if not line.removed_at], "only": only[0].id if only else None}
    wanted = request.args.get("q", "").strip()[:100]
    if wanted:
        found_contacts = [] if only else contacts(session, here, wanted)
        return filters | _found(session, here, only or lines, wanted, found_contacts)
    view = View(request.args["view"]) if request.args.get("view") in list(View) else View.OPEN
    before, tag = request.args.get("before", ""), request.args.get("tag", 0, row_id)
    found = listing(session, here, only or lines, view, before, tag_id=tag)
    shown = [row.conversation for row in found.rows]
    filters |= {"tag": tag or None, "tags": tags_of(session, shown), "view": view, "before": before, "q": ""}
    return filters | {"listing": found, "previews": previews(session, shown)}


def _selecting(session: Session, here: Member) -> Facts:
    """What can be done with selected conversations, besides finishing them."""
    return {
        "colleagues": team_of(session, here.workspace_id),
        "known_tags": tags_here(session, here.workspace_id),
        "later": later_times(here.workspace.zone),
    }


def _found(session: Session, here: Member, lines: Sequence[Line], wanted: str, known: Sequence[Contact]) -> Facts:
    """Conversations that match a search, each with the passage that matches, and contacts without one among them."""
    found = search(session, here, lines, wanted)
    shown = [row.conversation for row in found.rows]
    quotes = quoted(session, [conversation.id for conversation in shown], wanted)
    facts: Facts = {"tag": None, "tags": tags_of(session, shown), "view": "", "before": "", "q": wanted}
    listed_already = {conversation.contact_id for conversation in shown}
    facts |= {"contacts": [contact for contact in known if contact.id not in listed_already][:CONTACTS]}
    return facts | {"listing": found, "previews": previews(session, shown) | passages(quotes)}


def _thread(session: Session, conversation: Conversation) -> str:
    return render_template("inbox/_thread.html", **_entries_of(session, conversation))


def _entries_of(session: Session, conversation: Conversation) -> Facts:
    """What `_thread.html` shows. Rendering it marks the conversation as read, unless support looks."""
    if not only_looks():
        mark_read(session, conversation, person().id)
    thread = threads.thread(session, conversation, _moment(request.args.get("before", "")))
    contact = conversation.contact
    return {
        "conversation": conversation,
        "thread": thread,
        "last_word": last_word(session, contact.number, contact.workspace_id),
        "waiting": threads.waiting(session, conversation),
        **_under_way(session, conversation),
        "others": others(session, conversation, person().id),
        "latest_answer": latest_answer(session, conversation),
        "undo_seconds": services().settings.undo_seconds,
    }


def _under_way(session: Session, conversation: Conversation) -> Facts:
    if under_way := on_the_line(session, conversation):
        return {"under_way": under_way, "ringable": ringable(session, services(), conversation)}
    plain = without_legs(session, conversation)
    recorded = plain and plan_of(session, conversation.line_id).recorded
    return {"plain": plain, "plain_rings": plain and rings_contact(session, plain), "plain_is_recorded": recorded}


def _actions_on(session: Session, conversation: Conversation) -> Facts:
    """What the forms beside and below a conversation show."""
    team = members_on(session, conversation.line)
    sender = outgoing_number(session, conversation.line_id)
    return {
        "replies": fill(session, conversation, person(), spelled(sender.number) if sender else ""),
        "team": team,
        "handles": handles(team),
        "sender": sender,
        "no_pictures": "" if picture_limits(services(), sender, conversation.contact.number).pictures else NO_PICTURES,
        "about": about(session, [conversation]),
        "agreed": opt_ins_of(session, conversation.contact.workspace_id, conversation.contact.number, most=1),
        "blockable": is_callable(conversation.contact.number),
        "blocked": conversation.contact.number in plan_of(session, conversation.line_id).blocked,
        "awaits_registration": sender is None and awaits_registration(session, conversation.line.workspace_id),
        "first_text": is_first(session, conversation),
        "texting_refusal": texting_refusal(session, conversation, sender) or refusal(session, conversation),
    }


def _moment(typed: str) -> datetime | None:
    """The moment (aware) before which entries are wanted, or None if the address has no valid one."""
    try:
        moment = datetime.fromisoformat(typed)
        return moment.astimezone(UTC) if moment.tzinfo else None
    except (ValueError, OverflowError):
        return None
