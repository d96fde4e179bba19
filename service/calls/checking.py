"""Checks of a call plan before it is stored: no dead ends, no loops, and everything it refers to exists."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Final
from zoneinfo import available_timezones

from service.calls.consent import AGREE_FIRST
from service.calls.hours import is_place
from service.calls.nodes import Directory, Forward, Greeting, Menu, Plan, RingPhones, When, ways_on
from service.spending.destinations import barrier

NOWHERE: Final = "Choose what happens then."
CIRCLES: Final = "From here a call could go round in circles. Let it end in a voicemail, for instance."
NO_KEYS: Final = "Give at least one key something to do."
NO_PHONE: Final = "One of these phones is no longer on the line. Choose again."
ONLY_BROWSERS: Final = "Add a mobile or landline too. A browser doesn’t ring while its computer is closed."
NO_RECORDING: Final = "This recording is no longer here. Choose another one, or write a text."
NO_NUMBER: Final = "Enter the number that calls are forwarded to."
ALWAYS_OPEN: Final = "This line has no opening hours, so it is never closed. Set them first, or forward always."
OUR_NUMBER: Final = "This number is here already: calls would go round in circles."
NO_ZONE: Final = "Choose a time zone."
NO_PLACE: Final = "The public holidays of this place are not known."
CONSENT: Final = "In this country everyone has to agree first, so calls can’t be recorded here."
NO_NAMES: Final = "Give the phones of the line names first: they are read out to callers."


@dataclass(frozen=True, slots=True)
class Available:
    """What a plan may refer to: `phones` (ids) and `recordings` (tokens) of the line.

    `browsers` (ids) are phones in browsers, and `names` is how many of the others have a name. `numbers` are numbers
    that we hold (E.164), to which it must not forward. `country` (ISO 3166) is where the line is, `countries` those to
    whose numbers it may forward.
    """

    country: str
    countries: Collection[str]
    phones: Collection[int]
    names: int
    recordings: Collection[str]
    numbers: Collection[str]
    browsers: Collection[int] = ()


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault at a node (empty: of the plan itself), the form field it belongs to, and what to do about it."""

    node: str
    field: str
    message: str


def faults(plan: Plan, available: Available) -> Iterator[Fault]:
    """All faults of a plan."""
    for field, first in (("opening", plan.opening), ("closed", plan.closed)):
        if first not in plan.nodes:
            yield Fault("", field, NOWHERE)
    for name in plan.nodes:
        yield from (Fault(name, field, message) for field, message in _at(plan, name, available))
    yield from (Fault("", "forwarding", message) for message in _of_forwarding(plan, available))
    if plan.recorded and available.country in AGREE_FIRST:
        yield Fault("", "recorded", CONSENT)
    if plan.hours and plan.hours.zone not in available_timezones():
        yield Fault("", "zone", NO_ZONE)
    if plan.hours and plan.hours.holidays and not is_place(plan.hours.holidays):
        yield Fault("", "holidays", NO_PLACE)


def forwarded_to(plan: Plan) -> set[str]:
    """Every number (E.164) to which a plan forwards calls."""
    numbers = {node.number for node in plan.nodes.values() if isinstance(node, Forward)}
    return (numbers | ({plan.forwarding.number} if plan.forwarding else set())) - {""}


def reached(plan: Plan) -> set[str]:
    """Names of the nodes that a call can reach."""
    found: set[str] = set()
    waiting = [plan.opening, plan.closed] if plan.hours else [plan.opening]
    while waiting:
        name = waiting.pop()
        if name not in found and name in plan.nodes:
            found.add(name)
            waiting.extend(target for _, target in ways_on(plan.nodes[name]))
    return found


def _at(plan: Plan, name: str, available: Available) -> Iterator[tuple[str, str]]:
    node = plan.nodes[name]
    for way, target in ways_on(node):
        if target not in plan.nodes:
            yield _field(way), NOWHERE
    if _circles(plan, name):
        yield "then" if hasattr(node, "then") else "otherwise", CIRCLES
    greeting = getattr(node, "greeting", Greeting())
    if greeting.recording and greeting.recording not in available.recordings:
        yield "recording", NO_RECORDING
    yield from _of_its_own(node, available)


def _of_its_own(node: object, available: Available) -> Iterator[tuple[str, str]]:
    match node:
        case Menu(keys=keys) if not keys:
            yield "key-1", NO_KEYS
        case RingPhones(phones=phones) if not set(phones) <= set(available.phones):
            yield "phones", NO_PHONE
        case RingPhones(phones=phones) if phones and set(phones) <= set(available.browsers):
            yield "phones", ONLY_BROWSERS
        case Forward(number=""):
            yield "number", NO_NUMBER
        case Forward(number=number) if number in available.numbers:
            yield "number", OUR_NUMBER
        case Forward(number=number) if barred := barrier(number, available.countries):
            yield "number", barred.value
        case Directory() if not available.names:
            yield "otherwise", NO_NAMES
        case _:
            return


def _of_forwarding(plan: Plan, available: Available) -> Iterator[str]:
    forwarding = plan.forwarding
    if forwarding is None:
        return
    if forwarding.number in available.numbers:
        yield OUR_NUMBER
    elif barred := barrier(forwarding.number, available.countries):
        yield barred.value
    if forwarding.when is When.CLOSED and plan.hours is None:
        yield ALWAYS_OPEN


def _circles(plan: Plan, start: str) -> bool:
    """Whether a call can return to this node without a key press. A menu key that leads back is allowed."""
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
    """The node to which a call goes on from this one when no key is pressed and no phone answers."""
    ways = dict(ways_on(plan.nodes[name]))
    return ways.get("then") or ways.get("otherwise", "")


def _field(way: str) -> str:
    return way if way in {"then", "otherwise"} else f"key-{way}"
