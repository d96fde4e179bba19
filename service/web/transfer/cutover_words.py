"""A cutover in words: what will happen, what was done, what proves it, and how it is undone."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from flask_babel import gettext
from sqlalchemy.orm import Session

from service.cutover import snapback
from service.cutover.grace import release_day, retiring_on, still_using
from service.cutover.models import FROM_OUTSIDE, Cutover, CutoverStep, StepName
from service.cutover.readiness import Forwards, Lack, Serves, lacking
from service.cutover.rows import cutover_of, steps_of
from service.cutover.traffic import Traffic, networks_of, traffic_of
from service.cutover.trials import can_try
from service.lines.inventory import can_step_back, number_held
from service.porting.models import PortNumber, PortProject
from service.porting.states import State
from service.services import Services
from service.time import now
from service.web.shell.words import phone
from service.web.transfer.what_moves import Moving, what_moves


@dataclass(frozen=True, slots=True)
class Done:
    """A step: what it is, when it was done (aware UTC), what proves it, and how it is undone.

    One that is not `complete` has only a test within our carrier behind it.
    """

    what: str
    at: datetime | None
    complete: bool
    shows: str
    trouble: bool
    undone: str


@dataclass(frozen=True, slots=True)
class NumberCutover:
    """The cutover of one number. `returnable` is until when carriers return it on request, None if they do not.

    `to_try` is whether the customer is asked to call and text it from another network.
    """

    number: PortNumber
    plan: list[Moving]
    steps: list[Done]
    taken_back_at: datetime | None
    can_take_back: bool
    can_test: bool
    to_try: bool
    returnable: datetime | None
    return_asked: bool
    request: str
    lacks: list[str]
    forwards: str
    serves: str
    traffic: Traffic | None


LACKS: Final = {
    Lack.PHONES: "No phone rings on your line yet.",
    Lack.FORWARDING: "Say below whether your old line forwards its calls.",
    Lack.SERVICES: "Say below what else hangs on your old line.",
    Lack.REGISTRATION: "The registration for texts in the United States is not through. We are on it.",
    Lack.CALLBACKS: "News from our carrier comes late. We are on it.",
    Lack.NUMBER: "Our carrier does not show the number yet. That is usual before the day.",
}

FORWARDS: Final = {
    Forwards.NOWHERE: "It forwards nothing",
    Forwards.TEMPORARY: "To my number here",
    Forwards.ELSEWHERE: "To another number",
}

SERVES: Final = {
    Serves.NOTHING: "Nothing else",
    Serves.INTERNET: "Internet (DSL)",
    Serves.DEVICES: "Alarm, lift, fax or card terminal",
    Serves.BOTH: "Both internet and such devices",
}

_STEPS: Final[Mapping[StepName, tuple[str, str]]] = {
    StepName.FIND_NUMBER: ("Found at our carrier", "Nothing to take back."),
    StepName.APPLY_ROUTING: (
        "Calls and texts come to us",
        "This stays, or calls and texts that come here would reach nobody.",
    ),
    StepName.ENROL_TEXTS: ("May send texts", "Is taken out of our registration for texts."),
    StepName.REGISTER_ADDRESS: (
        "Emergency address is registered",
        "This stays as long as the number answers here.",
    ),
    StepName.SWAP_ROLES: (
        "Your line is known by this number",
        "Your line is known by the temporary number again.",
    ),
    StepName.PROVE_VOICE: ("Calls arrive", "Is proven anew."),
    StepName.PROVE_TEXTS: ("Texts arrive", "Is proven anew."),
    StepName.PROVE_PICTURES: ("Pictures arrive", "Is proven anew."),
    StepName.CHANGE_SENDER: (
        "Your texts leave from this number",
        "Your texts leave from the temporary number again.",
    ),
}

PROOFS: Final = {
    StepName.PROVE_VOICE: "calls",
    StepName.PROVE_TEXTS: "texts",
    StepName.PROVE_PICTURES: "pictures",
    StepName.REGISTER_ADDRESS: "the emergency address",
}

_SHOWN: Final = {
    StepName.PROVE_VOICE: "A call from {sender}.",
    StepName.PROVE_TEXTS: "A text from {sender}.",
    StepName.PROVE_PICTURES: "A picture from {sender}.",
}

_MOVABLE: Final = {State.SCHEDULED, State.ACTIVATING, State.PORTED, State.LIVE}

PER_PAGE: Final = 10
"""Numbers on a page: each is looked up with its steps and traffic, every time that the page is reloaded."""


@dataclass(frozen=True, slots=True)
class CutoverPage:
    """The cutovers of some numbers of a project: those from `first` to `last` (from 1) of `count`."""

    cutovers: list[NumberCutover]
    page: int
    first: int
    last: int
    count: int


def cutovers_of(session: Session, services: Services, numbers: list[PortNumber], page: int) -> CutoverPage:
    """A page (from 1) of the cutovers of numbers that have a date or have arrived. Other numbers have none."""
    movable = [number for number in numbers if number.state in _MOVABLE]
    here = min(max(page, 1), max(1, -(-len(movable) // PER_PAGE)))
    shown = movable[(here - 1) * PER_PAGE : here * PER_PAGE]
    first = (here - 1) * PER_PAGE
    cutovers = [_cutover(session, services, number) for number in shown]
    return CutoverPage(cutovers, here, first + 1, first + len(shown), len(movable))


@dataclass(frozen=True, slots=True)
class Leaving:
    """A temporary number that retires: its earliest last day in the customer's zone, and who still uses it."""

    number: str
    on: date
    users: list[str]


def leaving(session: Session, services: Services, project: PortProject) -> list[Leaving]:
    """The retiring temporary numbers of a project's line."""
    zone = ZoneInfo(project.workspace.zone)
    return [
        Leaving(worn.number, release_day(worn, services.settings).astimezone(zone).date(), still_using(session, worn))
        for worn in retiring_on(session, project.line_id)
    ]


def step_name(name: StepName) -> str:
    """A step's title."""
    return str(gettext(_STEPS[name][0]))


def _cutover(session: Session, services: Services, number: PortNumber) -> NumberCutover:
    cutover, steps = cutover_of(session, number), steps_of(session, services, number)
    here = number.state in {State.PORTED, State.LIVE}
    until = snapback.open_until(number)
    can_serve_without = here and _can_serve_without(session, number, cutover)
    open_proofs = [name for name in _SHOWN if name in steps and not steps[name].done_at]
    placed = steps[StepName.SWAP_ROLES].done_at is not None
    unheard = any(not steps[name].complete for name in FROM_OUTSIDE)
    networks = networks_of(session, number)
    return NumberCutover(
        number=number,
        plan=what_moves(session, number),
        steps=[_done(name, step, networks) for name, step in steps.items()],
        taken_back_at=cutover.taken_back_at,
        can_take_back=placed and not cutover.taken_back_at and can_serve_without,
        to_try=placed and number.state is State.PORTED and not cutover.taken_back_at and unheard,
        can_test=placed and can_try(services) and bool(open_proofs),
        returnable=until if until and now() < until and can_serve_without else None,
        return_asked=cutover.snapback_at is not None,
        request=snapback.request_text(number) if until else "",
        lacks=[] if here else [str(gettext(LACKS[lack])) for lack in lacking(session, services, number)],
        forwards=cutover.old_forwards,
        serves=cutover.old_serves,
        traffic=traffic_of(session, number) if here else None,
    )


def _can_serve_without(session: Session, number: PortNumber, cutover: Cutover) -> bool:
    """Whether another number serves in place of one that has arrived, or could."""
    held = number_held(session, number.number)
    return cutover.taken_back_at is not None or held is None or can_step_back(session, held)


def _done(name: StepName, step: CutoverStep, networks: Mapping[str, str]) -> Done:
    what, undone = _STEPS[name]
    return Done(
        what=str(gettext(what)),
        at=step.done_at,
        complete=step.complete,
        shows=_shows(name, step, networks.get(step.sender, "")),
        trouble=bool(step.trouble) and not step.done_at,
        undone=str(gettext(undone)),
    )


def _shows(name: StepName, step: CutoverStep, network: str) -> str:
    """What proves a step, in a sentence; "" for proofs stored without a sender. `network` is the sender's, or ""."""
    if not step.done_at or name not in _SHOWN or not step.sender:
        return ""
    sender = phone(step.sender)
    if not step.complete:
        return str(
            gettext("So far only from %(number)s, at our own carrier: no other network is proven.", number=sender)
        )
    if step.trial:
        return str(gettext("Our own test, from %(number)s.", number=sender))
    return str(gettext(_SHOWN[name])).format(sender=f"{sender} ({network})" if network else sender)
