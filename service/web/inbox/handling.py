"""What can be done with a conversation besides answering: finish, snooze, assign, mark as unread, block."""

from collections.abc import Callable

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from service import optouts
from service.accounts.change_log import Action, note
from service.accounts.models import User
from service.calls import changing
from service.errors import Conflict, Invalid
from service.inbox import handling
from service.inbox.reading import mark_unread
from service.inbox.undoing import Changed, undoable
from service.lines.models import Line
from service.phone_numbers import is_callable, is_dialable
from service.time import in_zone
from service.web.inbox.forms import AssignForm, SnoozeForm
from service.web.inbox.undo import flash_undo
from service.web.inbox.words import called
from service.web.shell.context import member, person, services
from service.web.shell.form import Form
from service.web.shell.scoped import my_conversation
from service.web.shell.words import spelled

blueprint = Blueprint("handling", __name__, url_prefix="/inbox/<int:conversation_id>")


@blueprint.post("/done")
def finish(conversation_id: int) -> Response:
    """Mark a conversation as done and return to the inbox."""
    with services().sessions.begin() as session:
        conversation = my_conversation(session, conversation_id)
        undo = undoable(Changed.HANDLING, [conversation], lambda: handling.finish(conversation))
    flash_undo(gettext("Marked as done. It reopens when they write or call."), undo)
    return redirect(url_for("inbox.show"))


@blueprint.post("/open")
def reopen(conversation_id: int) -> Response:
    """Reopen a conversation that is done or snoozed."""
    with services().sessions.begin() as session:
        conversation = my_conversation(session, conversation_id)
        undo = undoable(Changed.HANDLING, [conversation], lambda: handling.reopen(conversation))
    flash_undo(gettext("Reopened."), undo)
    return _back(conversation_id)


@blueprint.post("/unread")
def unread(conversation_id: int) -> Response:
    """Mark a conversation as unread for this person."""
    with services().sessions.begin() as session:
        mark_unread(session, my_conversation(session, conversation_id), person().id)
    return redirect(url_for("inbox.show"))


@blueprint.post("/snooze")
def snooze(conversation_id: int) -> Response:
    """Snooze a conversation until a moment in the workspace's zone."""
    try:
        with services().sessions.begin() as session:
            until = in_zone(Form(SnoozeForm(), request.form).data()["until"], member(session).workspace.zone)
            conversation = my_conversation(session, conversation_id)
            undo = undoable(Changed.HANDLING, [conversation], lambda: handling.snooze(conversation, until))
    except Invalid as refusal:
        flash(gettext(refusal.fields["until"][0]), "wrong")
        return _back(conversation_id)
    flash_undo(gettext("Snoozed. It comes back on its own."), undo)
    return redirect(url_for("inbox.show"))


@blueprint.post("/block")
def block(conversation_id: int) -> Response:
    """Block a caller: the line is busy to their calls."""
    return _blocking(conversation_id, changing.block, Action.CALLER_BLOCKED)


@blueprint.post("/unblock")
def unblock(conversation_id: int) -> Response:
    """Unblock a caller."""
    return _blocking(conversation_id, changing.unblock, Action.CALLER_UNBLOCKED)


def _blocking(conversation_id: int, change: Callable[[Session, Line, str], bool], action: Action) -> Response:
    with services().sessions.begin() as session:
        conversation, mine = my_conversation(session, conversation_id), member(session)
        caller = conversation.contact.number
        if not is_callable(caller):
            raise Conflict("They hide their number, so we can’t tell them from others who do.")
        if change(session, conversation.line, caller):
            subject, workspace_id = spelled(caller), mine.workspace_id
            note(session, workspace_id=workspace_id, user_id=mine.user_id, action=action, subject=subject)
    if action is Action.CALLER_BLOCKED:
        flash(gettext("Blocked. They hear a busy signal; their texts still arrive."))
    else:
        flash(gettext("Their calls are answered again."))
    return _back(conversation_id)


@blueprint.post("/stop-texts")
def stop_texts(conversation_id: int) -> Response:
    """Note that the contact wants no more texts, asked for in their own words. None is sent any more."""
    _consent(conversation_id, optouts.note_stop, Action.TEXTS_STOPPED)
    flash(gettext("Noted. Your team can’t text them until they text START. To undo this, open “More.”"))
    return _back(conversation_id)


@blueprint.post("/allow-texts")
def allow_texts(conversation_id: int) -> Response:
    """Undo that note. The contact can be texted again, unless they have sent STOP themselves."""
    _consent(conversation_id, optouts.take_back_stop, Action.TEXTS_ALLOWED)
    return _back(conversation_id)


def _consent(conversation_id: int, change: Callable[[Session, str, int], None], action: Action) -> None:
    with services().sessions.begin() as session:
        conversation, mine = my_conversation(session, conversation_id), member(session)
        number = conversation.contact.number
        if is_dialable(number):
            change(session, number, mine.workspace_id)
            conversation.touch()
            subject = spelled(number)
            note(session, workspace_id=mine.workspace_id, user_id=mine.user_id, action=action, subject=subject)


@blueprint.post("/assign")
def assign(conversation_id: int) -> Response:
    """Assign a conversation to a member, or unassign it."""
    try:
        with services().sessions.begin() as session:
            to = Form(AssignForm(), request.form).data()["assignee"]
            conversation = my_conversation(session, conversation_id)
            undo = undoable(Changed.ASSIGNEE, [conversation], lambda: handling.assign(session, conversation, to))
            name = called(session.get(User, to)) if to else ""
    except Invalid as refusal:
        flash(gettext(refusal.fields["assignee"][0]), "wrong")
    else:
        words = gettext("Assigned to %(person)s", person=name) if name else gettext("Unassigned.")
        flash_undo(words, undo)
    return _back(conversation_id)


def _back(conversation_id: int) -> Response:
    return redirect(url_for("inbox.read", conversation_id=conversation_id, _anchor="latest"))
