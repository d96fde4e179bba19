"""The window, and what its script asks: to be awake, to call out, and who took a call."""

from hashlib import sha256
from http import HTTPStatus
from typing import Any, Final

from flask import Blueprint, make_response, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound as NoSuchPage
from werkzeug.wrappers import Response

from provisioning.contract.browser_phones import SCHEME, BrowserPhones
from service.accounts.access import lines_for, usual_line
from service.calls.browser_phones import (
    LASTING,
    be_awake,
    be_away,
    conversation_at,
    leg_of_call,
    phone_in_browser,
    ring_too,
    who_took_it,
)
from service.calls.emergency import dialed_in, emergency_number, number_to_help, refused
from service.calls.legs.talking import on_the_line, ringable
from service.calls.outgoing import call_out
from service.calls.ringback import name_for
from service.errors import Conflict, Forbidden, Invalid, NotFound, ServiceError
from service.inbox.contacts import conversation_with
from service.lines.inventory import numbers_of, shown_number
from service.lines.models import Line
from service.web.inbox.call_out import calls_of_a_person, calls_of_a_workspace
from service.web.inbox.contacts import conversation_typed, line_typed
from service.web.inbox.forms import NewTextForm
from service.web.inbox.permission import must_be_permitted
from service.web.phone.sounds import TONES, sound
from service.web.shell.context import member, person, services
from service.web.shell.errors import status_of
from service.web.shell.form import Form
from service.web.shell.requests import row_id
from service.web.shell.scoped import my_conversation
from service.web.shell.security import may_call
from service.web.shell.words import phone, translated

blueprint = Blueprint("phone", __name__, url_prefix="/phone")

Json = dict[str, Any]
Answer = Json | tuple[Json, int]

_YEAR: Final = "private, max-age=31536000, immutable"


@blueprint.get("/")
def show() -> Response:
    """The window. `number` and `line` in the address fill in whom to call, and from which line."""
    return _window(woken=False)


@blueprint.get("/woken")
def woken() -> Response:
    """The window, opened by the notice of a call: it becomes ready by itself, and so rings."""
    return _window(woken=True)


def _window(*, woken: bool) -> Response:
    phones = _phones()
    with services().sessions.begin() as session:
        here = member(session)
        lines = lines_for(session, here)
        chosen = next((one for one in lines if one.id == request.args.get("line", 0, row_id)), usual_line(lines, here))
        page = make_response(
            render_template(
                "phone/window.html",
                lines=[(line, _shown(session, line)) for line in lines],
                chosen=chosen,
                number=request.args.get("number", "")[:40],
                version=_version(),
                gateway=phones.gateway if phones else "",
                sounds=_sounds(chosen),
                woken=woken,
            )
        )
    return may_call(page, phones.hosts if phones else ())


@blueprint.get("/carrier-<version>.js")
def script(version: str) -> Response:
    """The carrier's script."""
    found = _script()
    if found is None or version != _version():
        raise NoSuchPage
    return _kept(found, "text/javascript")


@blueprint.get("/sounds/<name>.wav")
def hear(name: str) -> Response:
    """A sound of the window."""
    if name not in TONES:
        raise NoSuchPage
    return _kept(sound(name), "audio/wav")


@blueprint.post("/awake")
def awake() -> Answer:
    """Note that the window can take calls; a token for the time until it says so again."""
    phones = _phones()
    if phones is None:
        raise NoSuchPage
    with services().sessions.begin() as session:
        dialed = be_awake(session, member(session)).number
    return {"token": phones.token(dialed.removeprefix(SCHEME), LASTING)}


@blueprint.post("/ring")
def ring() -> Answer:
    """Ring the window, which has become ready, for callers for whom phones ring already."""
    with services().sessions.begin() as session:
        ring_too(session, member(session))
    return {}


@blueprint.post("/away")
def away() -> Answer:
    """Note that the window takes no more calls."""
    with services().sessions.begin() as session:
        be_away(session, member(session))
    return {}


@blueprint.post("/call")
@calls_of_a_person
@calls_of_a_workspace
def call() -> Answer:
    """Call a number from a line: its id for the script, which takes the call that comes; else why not."""
    try:
        form_data = Form(NewTextForm(), request.form).data()
        return _called_for_help(form_data) or {"call": _called(form_data)}
    except Invalid as refusal:
        return {"refusal": translated(next(iter(refusal.fields.values()))[0])}, HTTPStatus.UNPROCESSABLE_ENTITY
    except (Conflict, Forbidden, NotFound) as refusal:
        return _refused(refusal)


@blueprint.get("/legs/<int:leg_id>")
def leg(leg_id: int) -> Answer:
    """What became of a call that rang here and was taken elsewhere."""
    with services().sessions.begin() as session:
        taker = who_took_it(session, member(session), leg_id)
    if taker is None:
        return {"words": gettext("The caller hung up.")}
    return {"words": gettext("%(who)s took the call.", who=phone(taker))}


@blueprint.get("/legs/<int:leg_id>/acts")
def acts(leg_id: int) -> str:
    """What can be done with the caller with whom one talks in the window; nothing for a leg that talks no more.

    `acted` in the address: something was done, of which this tells what came of it.
    """
    with services().sessions.begin() as session:
        conversation_id = conversation_at(session, member(session), leg_id)
        conversation = my_conversation(session, conversation_id) if conversation_id else None
        return render_template(
            "phone/_acts.html",
            leg_id=leg_id,
            conversation=conversation,
            under_way=on_the_line(session, conversation) if conversation else None,
            ringable=ringable(session, services(), conversation) if conversation else (),
            acted="acted" in request.args,
        )


@blueprint.get("/calls/<int:call_id>/acts")
def acts_of_call(call_id: int) -> str:
    """What can be done with the contact whom one has called from the window; nothing until they pick up."""
    with services().sessions.begin() as session:
        leg_id = leg_of_call(session, member(session), call_id)
    return acts(leg_id) if leg_id else render_template("phone/_acts.html", acted=False, under_way=None)


def _version() -> str:
    """The hash of the carrier's script; "" until it was fetched."""
    found = _script()
    return sha256(found).hexdigest()[:12] if found else ""


def _script() -> bytes | None:
    phones = _phones()
    return phones.script if phones else None


def _kept(content: bytes, mimetype: str) -> Response:
    """An answer that a browser may keep: another content has another address."""
    return Response(content, mimetype=mimetype, headers={"Cache-Control": _YEAR})


def _called_for_help(form_data: Json) -> Json:
    """Call emergency services, and what to tell the person; {} for any other number. Raises `Invalid` where none come.

    Nothing is asked but whether help would come: no cap, no quota, no pause.
    """
    with services().sessions.begin() as session:
        here = member(session)
        line = line_typed(session, form_data)
        digits = emergency_number(form_data["number"], line.country, services().settings)
        if not digits:
            return {}
        helped = number_to_help(session, services(), line.id, digits)
        if helped is None:
            raise refused(digits, line.country)
        phone_id = phone_in_browser(session, here, line.id).id
        called = call_out(session, conversation_with(session, line, digits), phone_id, here.user_id, helped)
        return {"call": called.id, **_help_words(digits, helped.emergency_address, dialed_in(line.country, digits))}


def _help_words(digits: str, address: str, instead: str) -> dict[str, str]:
    """What the window says while emergency services are called, and once that is over."""
    return {
        "notice": gettext(
            "Calling %(number)s. They see this address: %(address)s. If you’re somewhere else, tell them first.",
            number=digits,
            address=address,
        ),
        "farewell": gettext(
            "The call has ended. If you still need help, dial %(number)s on a mobile phone or landline.", number=instead
        ),
    }


def _called(form_data: Json) -> int:
    with services().sessions.begin() as session:
        conversation = conversation_typed(session, form_data)
        conversation_id, phone_id = conversation.id, phone_in_browser(session, member(session), conversation.line_id).id
    must_be_permitted(conversation_id, phone_id)
    with services().sessions.begin() as session:
        conversation = conversation_typed(session, form_data)
        return call_out(session, conversation, phone_id, person().id).id


def _refused(refusal: ServiceError) -> Answer:
    return {"refusal": gettext(str(refusal))}, status_of(refusal)


def _phones() -> BrowserPhones | None:
    """What makes pages phones; None where the carrier has no such thing, or our settings have no key for it."""
    phones = services().network(services().home).browser_phones
    return phones if phones and phones.is_set_up else None


def _shown(session: Session, line: Line) -> str:
    """The number (E.164) that calls from a line show, or ""."""
    number = shown_number(numbers_of(session, line.id))
    return number.number if number else ""


def _sounds(line: Line | None) -> dict[str, str]:
    """The address of each sound, by the name that the SDK gives it."""
    ring = url_for("greetings.fetch", name=name_for(line.country if line else "US"))
    return {"incoming": ring, **{name: url_for("phone.hear", name=name) for name in TONES}}
