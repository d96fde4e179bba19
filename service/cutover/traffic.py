"""Half ports: the carriers report a port as complete, but some networks still route calls to the old operator.

They show as forwarded calls: the old line forwards to the temporary number calls that should have reached the ported
one. Calls and texts are also counted by minute and compared with what is usual at that hour of the week.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final

from sqlalchemy import literal, select, union_all
from sqlalchemy.orm import Session

from provisioning.time_zones import zone_of
from service.cutover.models import CallerNetwork
from service.inbox.models import Call, Contact, Conversation, Direction, Message
from service.porting.models import PortNumber
from service.time import now

SETTLING: Final = timedelta(minutes=30)
"""Networks take up to half an hour to learn of a port; a call that the old line forwards later means a half port."""

WATCHED: Final = timedelta(days=3)
"""How long a ported number is watched, and how long a stray call counts if no call of its network came directly."""

WINDOW: Final = timedelta(hours=1)
WEEKS: Final = 4


class Via(StrEnum):
    """How a call or text came in: on the ported number, on another number of the line, or forwarded by the old line."""

    PORTED = "ported"
    TEMPORARY = "temporary"
    FORWARDED = "forwarded"


@dataclass(frozen=True, slots=True)
class Minute:
    """How many calls and texts came in within the minute beginning `at` (aware UTC), by how they came."""

    at: datetime
    ported: int
    temporary: int
    forwarded: int


@dataclass(frozen=True, slots=True)
class Stray:
    """The last call of a caller (E.164) that the old line forwarded; `network` is the caller's, "" if not known."""

    caller: str
    at: datetime
    network: str


@dataclass(frozen=True, slots=True)
class Traffic:
    """The last hour of a ported number; minutes without a call or text are left out.

    `usual` is how many calls and texts came in on the line in this hour of the week, on average over four weeks.
    `astray` are callers whose calls still go to the old line. `seen` are the networks that reach the number directly,
    `missing` those that still route to the old operator.
    """

    minutes: tuple[Minute, ...]
    usual: float
    astray: tuple[Stray, ...]
    seen: tuple[str, ...]
    missing: tuple[str, ...]

    @property
    def half(self) -> bool:
        """Whether some network still routes to the old operator."""
        return bool(self.astray)


@dataclass(frozen=True, slots=True)
class Incoming:
    """A call, or else a text, that came in on the line of a ported number."""

    at: datetime
    via: Via
    sender: str
    call: bool


def traffic_of(session: Session, numbers: Collection[PortNumber]) -> dict[int, Traffic]:
    """The traffic of ported numbers, by the number's id."""
    settled, networks = incoming_since_settled(session, numbers), networks_of(session, numbers)
    lately = _on_lines(session, numbers, now() - WINDOW, now())
    usual = _usual(session, numbers)
    return {
        number.id: _traffic(number, settled[number.id], networks[number.id], lately, usual[number.id])
        for number in numbers
    }


def half_among(session: Session, numbers: Iterable[PortNumber]) -> frozenset[int]:
    """Ids of those ported numbers of which some calls go astray."""
    suspects = _forwarded_among(session, list(numbers))
    settled, networks = incoming_since_settled(session, suspects), networks_of(session, suspects)
    return frozenset(number.id for number in suspects if strays(settled[number.id], networks[number.id]))


def incoming_since_settled(session: Session, numbers: Collection[PortNumber]) -> dict[int, list[Incoming]]:
    """Calls and texts on ported numbers, or forwarded from them, by the number's id; oldest first.

    Those since every network should know of the port, within `WATCHED`.
    """
    found: dict[int, list[Incoming]] = {number.id: [] for number in numbers}
    begin = {number.id: _watched_since(number) for number in numbers}
    named: dict[tuple[int, str], list[PortNumber]] = {}
    for number in numbers:
        named.setdefault((number.line_id, number.number), []).append(number)
    for line_id, row in _rows(session, numbers, min(begin.values(), default=now()), now()):
        for which in {row.number, row.forwarded_from}:
            for number in named.get((line_id, which), []):
                if row.at >= begin[number.id]:
                    found[number.id].append(row.seen_from(number))
    return found


def strays(since_settled: Iterable[Incoming], networks: Mapping[str, str]) -> tuple[Stray, ...]:
    """Callers whose calls still go astray: no call of theirs, or of their network, has come directly since."""
    astray: dict[str, Stray] = {}
    for one in since_settled:
        network = networks.get(one.sender, "")
        if one.via is Via.FORWARDED:
            astray[one.sender] = Stray(one.sender, one.at, network)
        elif one.via is Via.PORTED and one.call:
            same_network = [lost.caller for lost in astray.values() if network and lost.network == network]
            for caller in {one.sender, *same_network} & astray.keys():
                del astray[caller]
    return tuple(astray.values())


def networks_of(session: Session, numbers: Collection[PortNumber]) -> dict[int, dict[str, str]]:
    """Networks by callers (E.164) that were looked up, by the number's id; "" if the registry does not know."""
    found: dict[int, dict[str, str]] = {number.id: {} for number in numbers}
    for row in session.scalars(select(CallerNetwork).where(CallerNetwork.port_number_id.in_(found))):
        found[row.port_number_id][row.caller] = row.network
    return found


@dataclass(frozen=True, slots=True)
class _Row:
    """A call or text as it is stored, whichever ported number it is counted for."""

    at: datetime
    number: str
    forwarded_from: str
    sender: str
    call: bool

    def seen_from(self, number: PortNumber) -> Incoming:
        """How it came in, for one of the line's ported numbers."""
        return Incoming(self.at, self._via(number), self.sender, self.call)

    def _via(self, number: PortNumber) -> Via:
        if self.number == number.number:
            return Via.PORTED
        return Via.FORWARDED if self.forwarded_from == number.number else Via.TEMPORARY


def _rows(
    session: Session, numbers: Iterable[PortNumber], since: datetime, until: datetime
) -> Iterator[tuple[int, _Row]]:
    """Calls and texts that came in on the lines of numbers, oldest first, each with its line's id."""
    lines = {number.line_id for number in numbers}
    talked = (Conversation.line_id.in_(lines), Conversation.last_at >= since)
    line, sender = Conversation.line_id, Contact.number.label("sender")
    calls = select(line, Call.at, Call.number, Call.forwarded_from, sender, literal(1).label("call"))
    texts = select(line, Message.at, Message.number, literal(""), sender, literal(0))
    every = union_all(
        calls.join(Call.conversation)
        .join(Conversation.contact)
        .where(*talked, Call.direction == Direction.IN, Call.at.between(since, until)),
        texts.join(Message.conversation)
        .join(Conversation.contact)
        .where(*talked, Message.direction == Direction.IN, Message.at.between(since, until)),
    )
    for line_id, at, ours, forwarded_from, caller, call in session.execute(every.order_by("at")):
        yield line_id, _Row(at, ours, forwarded_from, caller, bool(call))


def _on_lines(
    session: Session, numbers: Iterable[PortNumber], since: datetime, until: datetime
) -> dict[int, list[_Row]]:
    """The same by the line's id; a line without any has no entry."""
    found: dict[int, list[_Row]] = {}
    for line_id, row in _rows(session, numbers, since, until):
        found.setdefault(line_id, []).append(row)
    return found


def _forwarded_among(session: Session, numbers: Sequence[PortNumber]) -> list[PortNumber]:
    """Those from which the old line has forwarded a call within `WATCHED`: only of them can calls go astray."""
    theirs = (
        select(Conversation.line_id, Call.forwarded_from)
        .join(Call.conversation)
        .where(
            Conversation.line_id.in_({number.line_id for number in numbers}),
            Conversation.last_at >= now() - WATCHED,
            Call.direction == Direction.IN,
            Call.at >= now() - WATCHED,
            Call.forwarded_from != "",
        )
    )
    forwarded = {(line_id, number) for line_id, number in session.execute(theirs.distinct())}
    return [number for number in numbers if (number.line_id, number.number) in forwarded]


def _watched_since(number: PortNumber) -> datetime:
    return max((number.ported_at or now()) + SETTLING, now() - WATCHED)


def _traffic(
    number: PortNumber,
    settled: Sequence[Incoming],
    networks: Mapping[str, str],
    lately: Mapping[int, Sequence[_Row]],
    usual: float,
) -> Traffic:
    astray = strays(settled, networks)
    missing = {stray.network for stray in astray}
    direct = {networks.get(one.sender, "") for one in settled if one.via is Via.PORTED}
    return Traffic(
        minutes=_by_minute(row.seen_from(number) for row in lately.get(number.line_id, [])),
        usual=usual,
        astray=astray,
        seen=tuple(sorted(direct - missing - {""})),
        missing=tuple(sorted(missing - {""})),
    )


def _by_minute(everything: Iterable[Incoming]) -> tuple[Minute, ...]:
    counted = Counter((one.at.replace(second=0, microsecond=0), one.via) for one in everything)
    minutes = sorted({minute for minute, _ in counted})
    return tuple(Minute(at, *(counted[at, via] for via in Via)) for at in minutes)


def _usual(session: Session, numbers: Collection[PortNumber]) -> dict[int, float]:
    """Average of this hour, by the clock at each number, over the last weeks in which its line existed."""
    hours = {number.id: _same_hours(number) for number in numbers}
    every = {hour for theirs in hours.values() for hour in theirs}
    counted = {hour: _on_lines(session, numbers, hour - WINDOW, hour) for hour in every}
    return {
        number.id: _average(len(counted[hour].get(number.line_id, [])) for hour in hours[number.id])
        for number in numbers
    }


def _same_hours(number: PortNumber) -> list[datetime]:
    """When this hour of the week ended (aware UTC) in the last weeks, by the clock at the number."""
    here = now().astimezone(zone_of(number.number))
    hours = [here - timedelta(weeks=back) for back in range(1, WEEKS + 1)]
    return [hour.astimezone(UTC) for hour in hours if hour > number.line.made_at]


def _average(counts: Iterable[int]) -> float:
    every = list(counts)
    return sum(every) / len(every) if every else 0.0
