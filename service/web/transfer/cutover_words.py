"""A cutover in words: what will happen, what was done, what proves it, and how it is undone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from flask_babel import gettext
from sqlalchemy.orm import Session

from service.cutover import snapback
from service.cutover.grace import release_day, retiring_on, still_using
from service.cutover.line_setup import set_ups
from service.cutover.models import INCOMING, Cutover, CutoverStep, StepName
from service.cutover.readiness import Forwards, Lack, Serves, lacking
from service.cutover.rows import all_steps_of, cutovers_of
from service.cutover.traffic import Traffic, networks_of, traffic_of
from service.cutover.trials import can_try
from service.lines.inventory import irreplaceable_on
from service.porting.models import PortNumber, PortProject
from service.porting.states import State
from service.services import Services
from service.time import now
from service.web.transfer.channel_words import (
    ARRIVING,
    CHANNELS,
    REGISTRATION_WORDS,
    proof_of,
    texts_wait,
    undelivered,
    wants_text,
)
from service.web.transfer.what_moves import Moving, what_moves


@dataclass(frozen=True, slots=True)
class Done:
    """A step: what it is, when it was done (aware UTC), what proves it, and how it is undone.

    One that is not `complete` has only a test within our carrier behind it.
    """

    what: str
    name: StepName
    at: datetime | None
    complete: bool
    shows: str
    trouble: bool
    undone: str


@dataclass(frozen=True, slots=True)
class NumberCutover:
    """The cutover of one number. `returnable` is until when carriers return it on request, None if they do not.

    `channels` are the steps that prove one each, `steps` the others. `to_try` is whether the customer is asked to call
    and text it from another network, `to_send` whether to send a text from it. `texts_wait` says what texts wait for
    once calls are proven, "" if that is nothing but such a text.
    """

    number: PortNumber
    channels: list[Done]
    steps: list[Done]
    texts_wait: str
    taken_back_at: datetime | None
    can_take_back: bool
    can_test: bool
    to_try: bool
    to_send: bool
    returnable: datetime | None
    return_asked: bool
    request: str
    forwards: str
    serves: str
    plan: Sequence[Moving] = ()
    lacks: Sequence[str] = ()
    traffic: Traffic | None = None


LACKS: Final = {
    Lack.PHONES: "No phones ring yet. Callers can leave a voicemail.",
    Lack.FORWARDING: "Tell us below where your old line forwards calls.",
    Lack.SERVICES: "Tell us below what else uses your old line.",
    **REGISTRATION_WORDS,
    Lack.CALLBACKS: "Updates from our carrier are late. We’re on it.",
    Lack.NUMBER: "Our carrier doesn’t list the number yet. That’s normal before moving day.",
}

FORWARDS: Final = {
    Forwards.NOWHERE: "It doesn’t forward calls",
    Forwards.TEMPORARY: "To my number here",
    Forwards.ELSEWHERE: "To another number",
}

SERVES: Final = {
    Serves.NOTHING: "Nothing else",
    Serves.INTERNET: "Internet (DSL)",
    Serves.DEVICES: "Alarm, elevator, fax, or card terminal",
    Serves.BOTH: "Internet and one of these devices",
}

_STEPS: Final[Mapping[StepName, tuple[str, str]]] = {
    StepName.FIND_NUMBER: ("Number found at our carrier", "Nothing to undo."),
    StepName.APPLY_ROUTING: (
        "Calls and texts come here",
        "This stays. Otherwise, calls and texts that arrive here would reach no one.",
    ),
    StepName.ENROL_TEXTS: ("Registered for texting", "Removed from our texting registration."),
    StepName.REGISTER_ADDRESS: (
        "Emergency address",
        "This stays as long as the number answers here.",
    ),
    StepName.SWAP_ROLES: (
        "Your line uses this number",
        "Your line uses the temporary number again.",
    ),
    StepName.PROVE_VOICE: ("Incoming calls", "Checked again."),
    StepName.PROVE_TEXTS: ("Incoming texts", "Checked again."),
    StepName.PROVE_PICTURES: ("Incoming pictures", "Checked again."),
    StepName.PROVE_SENDING: ("Outgoing texts", "Checked again."),
    StepName.CHANGE_SENDER: (
        "Texts go out from this number",
        "Texts go out from the temporary number again.",
    ),
}

_HERE: Final = {State.PORTED, State.LIVE}
_MOVABLE: Final = {State.SCHEDULED, State.ACTIVATING, *_HERE}

PER_PAGE: Final = 10
"""Numbers on a page: each is shown with all its steps and its traffic."""


@dataclass(frozen=True, slots=True)
class CutoverPage:
    """The cutovers of some numbers of a project: those from `first` to `last` (from 1) of `count`."""

    cutovers: list[NumberCutover]
    page: int
    first: int
    last: int
    count: int


def cutover_page(session: Session, services: Services, numbers: list[PortNumber], page: int) -> CutoverPage:
    """A page (from 1) of the cutovers of numbers that have a date or have arrived. Other numbers have none."""
    movable = [number for number in numbers if number.state in _MOVABLE]
    here = min(max(page, 1), max(1, -(-len(movable) // PER_PAGE)))
    shown = movable[(here - 1) * PER_PAGE : here * PER_PAGE]
    first = (here - 1) * PER_PAGE
    return CutoverPage(_cutovers(session, services, shown), here, first + 1, first + len(shown), len(movable))


@dataclass(frozen=True, slots=True)
class Leaving:
    """A temporary number that retires: its earliest last day in the customer's zone, and who still uses it."""

    number: str
    on: date
    users: list[str]


def leaving(session: Session, services: Services, project: PortProject) -> list[Leaving]:
    """The retiring temporary numbers of the lines to which a project's numbers come."""
    zone = ZoneInfo(project.workspace.zone)
    return [
        Leaving(worn.number, release_day(worn, services.settings).astimezone(zone).date(), still_using(session, worn))
        for worn in retiring_on(session, {number.line_id for number in project.numbers})
    ]


def step_name(name: StepName) -> str:
    """A step's title."""
    return str(gettext(_STEPS[name][0]))


def _cutovers(session: Session, services: Services, numbers: list[PortNumber]) -> list[NumberCutover]:
    cutovers, steps = cutovers_of(session, numbers), all_steps_of(session, services, numbers)
    networks = networks_of(session, numbers)
    set_up, traffic = set_ups(session, numbers), traffic_of(session, [one for one in numbers if one.state in _HERE])
    lacks = lacking(session, services, [one for one in numbers if one.state not in _HERE])
    irreplaceable = irreplaceable_on(session, {number.line_id for number in numbers})
    return [
        replace(
            _cutover(
                services,
                number,
                cutovers[number.id],
                steps[number.id],
                networks[number.id],
                replaceable=number.number not in irreplaceable,
            ),
            plan=what_moves(number, set_up[number.id], cutovers[number.id].line_setup),
            lacks=[str(gettext(LACKS[lack])) for lack in lacks.get(number.id, [])],
            traffic=traffic.get(number.id),
        )
        for number in numbers
    ]


def _cutover(
    services: Services,
    number: PortNumber,
    cutover: Cutover,
    steps: Mapping[StepName, CutoverStep],
    networks: Mapping[str, str],
    *,
    replaceable: bool,
) -> NumberCutover:
    """What a number's own rows tell of its cutover. If it is `replaceable`, another could serve in its place."""
    until = snapback.open_until(number)
    can_serve_without = number.state in _HERE and (cutover.taken_back_at is not None or replaceable)
    silent = any(name in steps and not steps[name].done_at for name in ARRIVING)
    placed = steps[StepName.SWAP_ROLES].done_at is not None
    unheard = any(not steps[name].complete for name in INCOMING & steps.keys())
    here = placed and number.state is State.PORTED and not cutover.taken_back_at
    waits_for = texts_wait(cutover, steps) if here and steps[StepName.PROVE_VOICE].complete else ""
    return NumberCutover(
        number=number,
        channels=[_done(number, steps[name], networks) for name in CHANNELS if name in steps],
        steps=[_done(number, step, networks) for name, step in steps.items() if name not in CHANNELS],
        texts_wait=waits_for,
        taken_back_at=cutover.taken_back_at,
        can_take_back=placed and not cutover.taken_back_at and can_serve_without,
        to_try=here and unheard,
        to_send=here and not waits_for and wants_text(steps),
        can_test=placed and can_try(services) and silent,
        returnable=until if until and now() < until and can_serve_without else None,
        return_asked=cutover.snapback_at is not None,
        request=snapback.request_text(number) if until else "",
        forwards=cutover.old_forwards,
        serves=cutover.old_serves,
    )


def _done(number: PortNumber, step: CutoverStep, networks: Mapping[str, str]) -> Done:
    what, undone = _STEPS[step.name]
    sending = step.name is StepName.PROVE_SENDING and not step.done_at
    return Done(
        what=str(gettext(what)),
        name=step.name,
        at=step.done_at,
        complete=step.complete,
        shows=undelivered(step) if sending else proof_of(number, step, networks.get(step.far_end, "")),
        trouble=bool(step.trouble) and not step.done_at,
        undone=str(gettext(undone)),
    )
