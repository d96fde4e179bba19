"""Answering in a conversation, now or later, with pictures; undoing an answer; and notes for the team."""

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from datetime import timedelta
from http import HTTPStatus
from typing import Any, Final

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from service.accounts.models import User
from service.errors import Conflict, Invalid
from service.inbox.models import Conversation
from service.inbox.notes import write_note
from service.inbox.pictures import KeptPicture, drop_kept, keep_fitted
from service.inbox.reading import leave
from service.inbox.unsent import keep_unsent
from service.inbox.writing import (
    Overtaken,
    cancel_unsent,
    latest_answer,
    must_be_up_to_date,
    picture_limits,
    schedule,
    write,
)
from service.lines.inventory import outgoing_number
from service.quotas import Quota
from service.time import in_zone
from service.web.inbox.conversations import page
from service.web.inbox.forms import NoteForm, ReplyForm, UnsentForm
from service.web.inbox.permission import must_be_permitted
from service.web.inbox.unsent import sent, unsent
from service.web.inbox.words import called
from service.web.shell.context import member, person, services
from service.web.shell.form import Form
from service.web.shell.heavy_files import opening
from service.web.shell.room import require_room, require_room_for_file
from service.web.shell.scoped import my_conversation, my_message
from service.web.shell.security import limiter, signed_in_person, workspace_here

blueprint = Blueprint("answers", __name__, url_prefix="/inbox")

Answer = str | Response | tuple[str, int]

LARGEST_ANSWER: Final = 60 * 1024 * 1024
"""Bytes: several photos from a phone. They are scaled down before they are sent."""


@blueprint.url_value_preprocessor
def _let_pictures_in(endpoint: str | None, _: Mapping[str, Any] | None) -> None:
    """Allow larger uploads for answers. Flask checks the size as it reads the form, which is later than this."""
    if endpoint == "answers.reply":
        request.max_content_length = LARGEST_ANSWER


@blueprint.post("/<int:conversation_id>")
@limiter.limit("300/hour;1500/day", key_func=signed_in_person)
@limiter.limit("900/hour;4500/day", key_func=workspace_here)
def reply(conversation_id: int) -> Answer:
    """Send an answer now, or schedule it. Answers 409 if a colleague has answered meanwhile."""
    form = Form(ReplyForm(), request.form)
    try:
        must_be_permitted(conversation_id)
        with ExitStack() as unless_sent:
            pictures = _pictures(conversation_id)
            unless_sent.callback(drop_kept, services().media, pictures)
            with services().sessions.begin() as session:
                conversation = my_conversation(session, conversation_id)
                is_sent = _answer(session, conversation, form.data(), pictures)
                keep_unsent(session, conversation, person().id, "answer", "")
            if is_sent:
                unless_sent.pop_all()
    except Invalid as refusal:
        return page(conversation_id, reply=form.refused(refusal)), HTTPStatus.UNPROCESSABLE_ENTITY
    except Overtaken as overtaken:
        return _overtaken(conversation_id, overtaken), HTTPStatus.CONFLICT
    return sent(_to(conversation_id), unsent("answer", conversation))


@blueprint.post("/<int:conversation_id>/notes")
@limiter.limit("300/hour;1500/day", key_func=signed_in_person)
def note(conversation_id: int) -> Answer:
    """Add a note that only the team sees."""
    form = Form(NoteForm(), request.form)
    try:
        with services().sessions.begin() as session:
            conversation = my_conversation(session, conversation_id)
            require_room(session, Quota.NOTES, field="note")
            write_note(session, conversation, form.data()["note"], person())
            keep_unsent(session, conversation, person().id, "note", "")
    except Invalid as refusal:
        return page(conversation_id, note=form.refused(refusal)), HTTPStatus.UNPROCESSABLE_ENTITY
    return sent(_to(conversation_id), unsent("note", conversation))


@blueprint.post("/<int:conversation_id>/unsent")
@limiter.limit("3000/hour", key_func=signed_in_person)
def keep(conversation_id: int) -> Answer:
    """Keep what is typed and not sent yet, for the person's other devices; the page sends it while they type."""
    form_data = Form(UnsentForm(), request.form).data()
    with services().sessions.begin() as session:
        conversation = my_conversation(session, conversation_id)
        keep_unsent(session, conversation, person().id, form_data["what"], form_data["words"])
    return "", HTTPStatus.NO_CONTENT


@blueprint.post("/messages/<int:message_id>/back")
def back(message_id: int) -> Answer:
    """Undo an answer that has not left yet. Its text returns to the form."""
    with services().sessions.begin() as session:
        message = my_message(session, message_id)
        conversation_id, text, seen = message.conversation_id, message.text, 0
        try:
            orphans = cancel_unsent(session, message)
        except Conflict as refusal:
            flash(gettext(str(refusal)), "wrong")
            return _to(conversation_id)
        seen = latest_answer(session, message.conversation)
    for name in orphans:
        services().media.drop(name)
    return page(conversation_id, reply=Form(ReplyForm(), kept={"text": text, "seen": seen}))


def _answer(
    session: Session, conversation: Conversation, form_data: Mapping[str, Any], pictures: Sequence[KeptPicture]
) -> bool:
    """Write an answer; False if the form was sent twice and this one was written before."""
    me, text = person().id, form_data["text"]
    if must_be_up_to_date(session, conversation, form_data["seen"], text, me):
        return False
    leave(session, conversation, me)
    if form_data["leaves_at"]:
        require_room(session, Quota.SCHEDULED_TEXTS, field="leaves_at")
        leaves_at = in_zone(form_data["leaves_at"], member(session).workspace.zone)
        schedule(session, conversation, text, me, leaves_at, pictures)
    else:
        wait = timedelta(seconds=services().settings.undo_seconds)
        write(session, conversation, text, me, pictures=pictures, wait=wait)
    return True


def _pictures(conversation_id: int) -> list[KeptPicture]:
    """Store the uploaded pictures, scaled to the carrier's limits. It is slow, so it precedes the transaction."""
    chosen = [content for sent in request.files.getlist("pictures") if (content := sent.read())]
    if not chosen:
        return []
    with services().sessions.begin() as session:
        conversation = my_conversation(session, conversation_id)
        require_room_for_file(session, sum(map(len, chosen)), field="pictures")
        sender = outgoing_number(session, conversation.line_id)
        limits = picture_limits(services(), sender, conversation.contact.number)
    with opening("pictures"):
        return keep_fitted(services().media, chosen, limits)


def _overtaken(conversation_id: int, overtaken: Overtaken) -> str:
    """Show the colleague's answer with the typed text below it. Sending the text again is accepted."""
    with services().sessions() as session:
        author = session.get(User, overtaken.author_id)
    typed = MultiDict({**request.form.to_dict(), "seen": str(overtaken.message_id)})
    return page(conversation_id, reply=Form(ReplyForm(), typed), overtaken=called(author))


def _to(conversation_id: int) -> Response:
    return redirect(url_for("inbox.read", conversation_id=conversation_id, _anchor="latest"))
