"""What can be done with the call of a conversation while it rings, waits or is talked."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from service.calls.emergency import must_be_no_emergency
from service.calls.legs import talking
from service.errors import Conflict, Invalid
from service.inbox.models import Conversation
from service.inbox.notes import write_note
from service.quotas import Quota
from service.services import Services
from service.web.inbox.call_out import calls_of_a_person, calls_of_a_workspace
from service.web.inbox.forms import NoteForm, PhoneOrNumberForm
from service.web.inbox.permission import must_be_permitted_to
from service.web.shell.context import person, services
from service.web.shell.form import Form
from service.web.shell.languages import country_now
from service.web.shell.requests import row_id
from service.web.shell.room import require_room
from service.web.shell.scoped import my_conversation
from service.web.shell.security import limiter, signed_in_person
from service.web.shell.words import translated

blueprint = Blueprint("on_the_line", __name__, url_prefix="/inbox/<int:conversation_id>/on-the-line")


callers_led = limiter.shared_limit("240/hour", scope="callers led", key_func=signed_in_person)
"""The limit on leading callers somewhere, which is a request to the carrier each time."""


@blueprint.post("/hold")
@callers_led
def hold(conversation_id: int) -> Response:
    """Have the caller hear music."""
    return _done(conversation_id, talking.hold)


@blueprint.post("/resume")
@callers_led
def resume(conversation_id: int) -> Response:
    """Connect a held caller again."""
    return _done(conversation_id, talking.resume)


@blueprint.post("/pause-recording")
@callers_led
def pause_recording(conversation_id: int) -> Response:
    """Have nothing recorded until the recording is resumed."""
    return _done(conversation_id, talking.pause_recording)


@blueprint.post("/resume-recording")
@callers_led
def resume_recording(conversation_id: int) -> Response:
    """Have the talk recorded again."""
    return _done(conversation_id, talking.resume_recording)


@blueprint.post("/park")
@callers_led
def park(conversation_id: int) -> Response:
    """Have the caller wait until any member takes the call."""
    return _done(conversation_id, talking.park_caller)


@blueprint.post("/transfer")
@calls_of_a_person
@calls_of_a_workspace
def transfer(conversation_id: int) -> Response:
    """Ring another phone in place of the person who talks."""
    return _rung(conversation_id, talking.pass_on, gettext("We’re ringing the phone."))


@blueprint.post("/add")
@calls_of_a_person
@calls_of_a_workspace
def add(conversation_id: int) -> Response:
    """Ring a colleague's phone to join the call."""
    return _rung(conversation_id, talking.ask_in, gettext("We’re ringing the phone."))


@blueprint.post("/hand-over")
@callers_led
def hand_over(conversation_id: int) -> Response:
    """Connect a held caller with the colleague who has joined."""
    return _done(conversation_id, talking.hand_over)


@blueprint.post("/ring")
@calls_of_a_person
@calls_of_a_workspace
def ring(conversation_id: int) -> Response:
    """Ring one more phone for the caller, to take the call there."""
    said = gettext("We’re ringing the phone. Answer and press 1 to be connected.")
    return _rung(conversation_id, talking.ring_phone, said)


@blueprint.post("/note")
@limiter.limit("300/hour;1500/day", key_func=signed_in_person)
def note(conversation_id: int) -> Response:
    """Write a note for the team while talking in the phone's window."""
    with _refusals_shown(), services().sessions.begin() as session:
        conversation = my_conversation(session, conversation_id)
        require_room(session, Quota.NOTES, field="note")
        write_note(session, conversation, Form(NoteForm(), request.form).data()["note"], person())
        flash(gettext("Your note is in the conversation."))
    return _back(conversation_id)


def _done(conversation_id: int, act: Callable[[Session, Conversation], None]) -> Response:
    """Do it, or say why it cannot be done now, and show the conversation."""
    with _refusals_shown(), services().sessions.begin() as session:
        act(session, my_conversation(session, conversation_id))
    return _back(conversation_id)


def _rung(
    conversation_id: int, act: Callable[[Session, Services, Conversation, int | str], None], said: str
) -> Response:
    """Do it with the phone or number that was chosen, or say why it cannot be done now, and show the conversation."""
    with _refusals_shown():
        must_be_no_emergency(request.form.get("number", ""), country_now(), services().settings)
        chosen = Form(PhoneOrNumberForm(), request.form).data()
        if chosen["number"] and not chosen["phone"]:
            must_be_permitted_to(conversation_id, chosen["number"])
        with services().sessions.begin() as session:
            conversation = my_conversation(session, conversation_id)
            act(session, services(), conversation, chosen["phone"] or chosen["number"] or 0)
        flash(said)
    return _back(conversation_id)


@contextmanager
def _refusals_shown() -> Iterator[None]:
    try:
        yield
    except Conflict as refusal:
        flash(gettext(str(refusal)), "wrong")
    except Invalid as refusal:
        flash(translated(next(iter(refusal.fields.values()))[0]), "wrong")


def _back(conversation_id: int) -> Response:
    """Show the conversation; in the phone's window, which sends its leg along, what can be done next."""
    if leg_id := request.form.get("leg", type=row_id):
        return redirect(url_for("phone.acts", leg_id=leg_id, acted=1))
    return redirect(url_for("inbox.read", conversation_id=conversation_id))
