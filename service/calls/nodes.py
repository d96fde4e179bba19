"""The call plan of a line: named nodes that lead to each other. Plain values; this module reads nothing.

    a call ── blocked or hidden callers ── open or closed? ── a node ── … ── a voicemail, or the end

A node names the nodes it leads to; `checking.py` makes sure that each exists and that there is no loop.
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
    """What callers hear: the recording with this token, else `text` spoken by our voice, else the usual sentence."""

    text: str = ""
    recording: str = ""


@dataclass(frozen=True, slots=True)
class RingPhones:
    """Ring phones of the line (ids; empty means all), in the line's order; go on to `then` if none answers.

    Phones of members who are off duty do not ring; if no phone is left, the call goes on at once.
    """

    then: str
    phones: tuple[int, ...] = ()
    seconds: int = 20
    in_turn: bool = False
    title: str = ""


@dataclass(frozen=True, slots=True)
class Menu:
    """Let the caller choose by pressing a key; `otherwise` is for those who press none, or a wrong key twice."""

    keys: Mapping[str, str]
    otherwise: str
    greeting: Greeting = Greeting()
    title: str = ""


@dataclass(frozen=True, slots=True)
class Directory:
    """Read out the names of the line's phones and ring the chosen one; if its owner is off duty, go to `otherwise`."""

    otherwise: str
    seconds: int = 20
    title: str = ""


@dataclass(frozen=True, slots=True)
class Announce:
    """Play a greeting and go on to `then`."""

    then: str
    greeting: Greeting = Greeting()
    title: str = ""


@dataclass(frozen=True, slots=True)
class Forward:
    """Ring an outside number (E.164); go on to `then` if it is not answered."""

    number: str
    then: str
    seconds: int = 30
    title: str = ""


@dataclass(frozen=True, slots=True)
class Voicemail:
    """Record a voicemail and have it transcribed."""

    greeting: Greeting = Greeting()
    title: str = ""


@dataclass(frozen=True, slots=True)
class Goodbye:
    """Play a greeting and hang up."""

    greeting: Greeting = Greeting()
    title: str = ""


Node = RingPhones | Menu | Directory | Announce | Forward | Voicemail | Goodbye


@dataclass(frozen=True, slots=True)
class Span:
    """Open from one minute of the day until another, in minutes since midnight; 1440 is the end of the day."""

    opens: int
    closes: int


@dataclass(frozen=True, slots=True)
class Hours:
    """When a line is open: spans for each weekday, Monday first, in the time zone `zone` (IANA).

    It is closed on the days `closed_on` and on public holidays of the place `holidays`: a country (ISO 3166), or a part
    of one (SE, US-CA).
    """

    zone: str
    week: tuple[tuple[Span, ...], ...]
    holidays: str = ""
    closed_on: tuple[date, ...] = ()


class Hidden(StrEnum):
    """What happens to callers who hide their number."""

    RING = "ring"
    VOICEMAIL = "voicemail"
    TURN_AWAY = "turn_away"


class When(StrEnum):
    """When calls are forwarded, by the line's opening hours."""

    ALWAYS = "always"
    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Forwarding:
    """Calls to a line ring an outside `number` (E.164) instead of following the plan, while it is `on`."""

    number: str
    when: When = When.ALWAYS
    on: bool = True


@dataclass(frozen=True, slots=True)
class Plan:
    """How a line answers. `opening` and `closed` name a call's first node; a line without `hours` is always open.

    `blocked` callers (E.164) hear that the line is busy. `recorded`: calls are recorded, and both sides hear so; where
    it `announces_by_law`, the side outside the team only if the law asks for it.
    `tells_number`: callers of a retiring number hear the line's own number first. `spots_machines`: of several phones
    that ring, one whose own voicemail picks up is hung up on, where the carrier can tell. `rings_busy`: people who talk
    are rung for further callers too, and not only when everybody does.
    """

    nodes: Mapping[str, Node]
    opening: str
    closed: str
    hours: Hours | None = None
    hidden: Hidden = Hidden.RING
    blocked: tuple[str, ...] = ()
    recorded: bool = False
    announces_by_law: bool = False
    tells_number: bool = False
    spots_machines: bool = False
    rings_busy: bool = False
    forwarding: Forwarding | None = None


RING: Final = "ring"
MESSAGE: Final = "message"


def usual() -> Plan:
    """The plan of a line that was not set up: all phones ring for twenty seconds, then voicemail."""
    nodes: dict[str, Node] = {RING: RingPhones(then=MESSAGE), MESSAGE: Voicemail()}
    return Plan(nodes, opening=RING, closed=MESSAGE)


def ways_on(node: Node) -> Iterator[tuple[str, str]]:
    """Where a node leads: pairs of the field (or key) and the name of the next node."""
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
    """The next node of a call that no phone answers, or whose caller presses no key; "" if the call ends."""
    return dict(ways_on(node)).get("then") or dict(ways_on(node)).get("otherwise", "")
