"""Calling a contact from a conversation."""

from flask import Blueprint, flash, redirect, request, session, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from service.calls.emergency import emergency_number, must_be_no_emergency
from service.calls.outgoing import call_out
from service.errors import Invalid
from service.phone_numbers import HOME
from service.web.inbox.forms import CallForm
from service.web.inbox.permission import must_be_permitted
from service.web.shell.context import person, services
from service.web.shell.form import Form
from service.web.shell.scoped import my_conversation
from service.web.shell.security import limiter, signed_in_person, workspace_here
from service.web.shell.words import translated

blueprint = Blueprint("calls", __name__, url_prefix="/inbox/<int:conversation_id>/call")


def _calls_for_help() -> bool:
    settings = services().settings
    return emergency_number(request.form.get("number", ""), HOME, settings) in settings.emergency_calls


calls_of_a_person, calls_of_a_workspace = (
    limiter.shared_limit(most, scope="calls out", key_func=whose, exempt_when=_calls_for_help)
    for most, whose in (("60/hour;300/day", signed_in_person), ("180/hour;900/day", workspace_here))
)
"""Limits on calls that members have made: out, and to one more phone for a caller. None is on emergency calls."""


@blueprint.post("")
@calls_of_a_person
@calls_of_a_workspace
def begin(conversation_id: int) -> Response:
    """Ring the chosen phone of the line, then the contact. The session remembers the phone for the next call."""
    try:
        phone_id = Form(CallForm(), request.form).data()["phone"]
        must_be_permitted(conversation_id, phone_id)
        with services().sessions.begin() as database:
            conversation = my_conversation(database, conversation_id)
            must_be_no_emergency(conversation.contact.number, conversation.line.country, services().settings)
            call_out(database, conversation, phone_id, person().id)
        session["calls_from"] = phone_id
        flash(gettext("We’re ringing your phone. Answer and press 1 to connect."))
    except Invalid as refusal:
        flash(translated(next(iter(refusal.fields.values()))[0]), "wrong")
    return redirect(url_for("inbox.read", conversation_id=conversation_id))
