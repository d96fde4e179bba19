"""The call plan of a line: what a caller meets, as named nodes that lead to each other. Plain values, nothing read.

    a call ── blocked or hidden callers ── open or closed? ── a node ── … ── a voicemail, or the end

A node names the nodes it leads to; `checking` sees that each is there and that no call is sent round in circles.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

KEYS: Final = "1234567890"
"""The keys of a menu, in the order in which a telephone has them."""


@dataclass(frozen=True, slots=True)
class Greeting:
    """What callers hear: a recording of ours by its `token`, else a text to be spoken, else the usual sentence."""

    text: str = ""
    recording: str = ""


@dataclass(frozen=True, slots=True)
class RingPhones:
    """Ring phones of the line (their ids, in the line's order; none named means all), then go on if nobody takes it.

    Phones of people off duty are left out; where none is left the call goes on at once.
    """

    then: str
    phones: tuple[int, ...] = ()
    seconds: int = 20
    in_turn: bool = False
    title: str = ""


@dataclass(frozen=True, slots=True)
class Menu:
    """Have the caller choose by a key; `otherwise` is for those who press nothing, or the wrong key twice."""

    keys: Mapping[str, str]
    otherwise: str
    greeting: Greeting = Greeting()
    title: str = ""


@dataclass(frozen=True, slots=True)
class Directory:
    """Read out who has a phone on the line and ring the one whose key is pressed, or go on if they are off duty."""

    otherwise: str
    seconds: int = 20
    title: str = ""


@dataclass(frozen=True, slots=True)
class Announce:
    """Say something and go on."""

    then: str
    greeting: Greeting = Greeting()
    title: str = ""


@dataclass(frozen=True, slots=True)
class Forward:
    """Ring a number outside (E.164), then go on if nobody takes the call there."""

    number: str
    then: str
    seconds: int = 30
    title: str = ""


@dataclass(frozen=True, slots=True)
class Voicemail:
    """Take a message, with its words written down."""

    greeting: Greeting = Greeting()
    title: str = ""


@dataclass(frozen=True, slots=True)
class Goodbye:
    """Say something and hang up."""

    greeting: Greeting = Greeting()
    title: str = ""


Node = RingPhones | Menu | Directory | Announce | Forward | Voicemail | Goodbye


@dataclass(frozen=True, slots=True)
class Span:
    """Open from one minute of the day until another, counted from midnight; 1440 is the midnight that ends the day."""

    opens: int
    closes: int


@dataclass(frozen=True, slots=True)
class Hours:
    """When a line is open: spans for each weekday, Monday first, in `zone` (IANA).

    Closed on `closed_on`, and on public holidays of `holidays`: a country, or a country and its part (SE, US-CA).
    """

    zone: str
    week: tuple[tuple[Span, ...], ...]
    holidays: str = ""
    closed_on: tuple[date, ...] = ()


class Hidden(StrEnum):
    """What becomes of callers who hide their number."""

    RING = "ring"
    VOICEMAIL = "voicemail"
    TURN_AWAY = "turn_away"


@dataclass(frozen=True, slots=True)
class Plan:
    """How a line answers: `opening` and `closed` name the first node of a call; without hours the line is never closed.

    `blocked` callers (E.164) hear that the line is busy; `recorded`: talks are recorded, and everybody is told so.
    `tells_number`: whoever calls a number on its way out hears the line's own number first.
    """

    nodes: Mapping[str, Node]
    opening: str
    closed: str
    hours: Hours | None = None
    hidden: Hidden = Hidden.RING
    blocked: tuple[str, ...] = ()
    recorded: bool = False
    tells_number: bool = False


RING: Final = "ring"
MESSAGE: Final = "message"


def usual() -> Plan:
    """How a line answers that nobody has set up: all phones for twenty seconds, then voicemail."""
    nodes: dict[str, Node] = {RING: RingPhones(then=MESSAGE), MESSAGE: Voicemail()}
    return Plan(nodes, opening=RING, closed=MESSAGE)


def ways_on(node: Node) -> Iterator[tuple[str, str]]:
    """Where a node leads: the name of the field (or key) and of the node."""
    match node:
        case Menu():
            yield from node.keys.items()
            yield "otherwise", node.otherwise
        case Directory():
            yield "otherwise", node.otherwise
        case RingPhones() | Forward() | Announce():
            yield "then", node.then
        case Voicemail() | Goodbye():
            return


def fallback(node: Node) -> str:
    """Where a call goes that nobody took, or whose caller pressed nothing; empty where it ends."""
    return dict(ways_on(node)).get("then") or dict(ways_on(node)).get("otherwise", "")
