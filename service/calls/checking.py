"""What must be true of a call plan before it is kept: no dead ends, no circles, everything it names is there."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Final
from zoneinfo import available_timezones

from service.calls.hours import is_place
from service.calls.nodes import Directory, Forward, Greeting, Menu, Plan, RingPhones, ways_on
from service.calls.premium import COSTS_EXTRA, costs_extra

NOWHERE: Final = "Choose what happens then."
CIRCLES: Final = "From here a call could go round in circles. Let it end in a voicemail, for instance."
NO_KEYS: Final = "Give at least one key something to do."
NO_PHONE: Final = "One of these phones is no longer on the line. Choose again."
NO_RECORDING: Final = "This recording is no longer here. Choose another one, or write a text."
NO_NUMBER: Final = "Enter the number that calls are forwarded to."
OUR_NUMBER: Final = "This is one of your own numbers: calls would go round in circles."
NO_ZONE: Final = "Choose a time zone."
NO_PLACE: Final = "The public holidays of this place are not known."
CONSENT: Final = "In this country everybody would have to agree first, so talks cannot be recorded here."
NO_NAMES: Final = "Give the phones of the line names first: they are read out to callers."

AGREE_FIRST: Final = frozenset({"AT", "CH", "DE"})
"""Countries where recording a talk without consent is a crime (§ 120 StGB, Art. 179ter StGB, § 201 StGB)."""


@dataclass(frozen=True, slots=True)
class Around:
    """What a plan may name: phones (their ids; `names` of them have one), recordings (tokens), and our own numbers.

    `country` (ISO) is where the line lives.
    """

    country: str
    phones: Collection[int]
    names: int
    recordings: Collection[str]
    numbers: Collection[str]


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong at a node (empty: with the plan itself), beside which field, and what to do about it."""

    node: str
    field: str
    message: str


def faults(plan: Plan, around: Around) -> Iterator[Fault]:
    """All that is wrong with a plan."""
    for field, first in (("opening", plan.opening), ("closed", plan.closed)):
        if first not in plan.nodes:
            yield Fault("", field, NOWHERE)
    for name in plan.nodes:
        yield from (Fault(name, field, message) for field, message in _at(plan, name, around))
    if plan.recorded and around.country in AGREE_FIRST:
        yield Fault("", "recorded", CONSENT)
    if plan.hours and plan.hours.zone not in available_timezones():
        yield Fault("", "zone", NO_ZONE)
    if plan.hours and plan.hours.holidays and not is_place(plan.hours.holidays):
        yield Fault("", "holidays", NO_PLACE)


def reached(plan: Plan) -> set[str]:
    """The nodes that some call can come to."""
    found: set[str] = set()
    waiting = [plan.opening, plan.closed] if plan.hours else [plan.opening]
    while waiting:
        name = waiting.pop()
        if name not in found and name in plan.nodes:
            found.add(name)
            waiting.extend(target for _, target in ways_on(plan.nodes[name]))
    return found


def _at(plan: Plan, name: str, around: Around) -> Iterator[tuple[str, str]]:
    node = plan.nodes[name]
    for way, target in ways_on(node):
        if target not in plan.nodes:
            yield _field(way), NOWHERE
    if _circles(plan, name):
        yield "then" if hasattr(node, "then") else "otherwise", CIRCLES
    greeting = getattr(node, "greeting", Greeting())
    if greeting.recording and greeting.recording not in around.recordings:
        yield "recording", NO_RECORDING
    yield from _of_its_own(node, around)


def _of_its_own(node: object, around: Around) -> Iterator[tuple[str, str]]:
    match node:
        case Menu(keys=keys) if not keys:
            yield "key-1", NO_KEYS
        case RingPhones(phones=phones) if not set(phones) <= set(around.phones):
            yield "phones", NO_PHONE
        case Forward(number=""):
            yield "number", NO_NUMBER
        case Forward(number=number) if number in around.numbers:
            yield "number", OUR_NUMBER
        case Forward(number=number) if costs_extra(number):
            yield "number", COSTS_EXTRA
        case Directory() if not around.names:
            yield "otherwise", NO_NAMES
        case _:
            return


def _circles(plan: Plan, start: str) -> bool:
    """Whether a call can come back here with nobody pressing a key. A key that leads back is the caller's own wish."""
    seen = {start}
    name = _by_itself(plan, start)
    while name in plan.nodes:
        if name == start:
            return True
        if name in seen:
            return False
        seen.add(name)
        name = _by_itself(plan, name)
    return False


def _by_itself(plan: Plan, name: str) -> str:
    """Where a call goes on from a node when nobody does anything."""
    ways = dict(ways_on(plan.nodes[name]))
    return ways.get("then") or ways.get("otherwise", "")


def _field(way: str) -> str:
    return way if way in {"then", "otherwise"} else f"key-{way}"
