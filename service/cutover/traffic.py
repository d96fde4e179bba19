"""Half ports: the carriers say done, but some networks still hand calls to the old operator.

The old line shows them: it forwards to the temporary number what should have come to the ported one. So calls and
texts are counted for each minute, and held against what is usual at that hour on that day of the week.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.alerts import alert_once_in
from service.inbox.models import Call, Conversation, Direction, Message
from service.porting.models import PortNumber
from service.porting.states import State
from service.time import now

SETTLING: Final = timedelta(minutes=30)
"""Networks take up to half an hour to learn of a port; what an old line forwards later is a half port."""

WATCHED: Final = timedelta(days=3)
WINDOW: Final = timedelta(hours=1)
WEEKS: Final = 4


@dataclass(frozen=True, slots=True)
class Minute:
    """What came in within one minute (its start, aware UTC), by the way it came."""

    at: datetime
    ported: int
    temporary: int
    forwarded: int


@dataclass(frozen=True, slots=True)
class Traffic:
    """The last hour of a number that has arrived, minute by minute where there was anything.

    `usual` is how many calls and texts came in on the line in this hour of the week, on average of four weeks.
    `astray` are callers (E.164) whose calls the old line forwarded after it should not have got them any more.
    """

    minutes: tuple[Minute, ...]
    usual: float
    astray: tuple[str, ...]

    @property
    def half(self) -> bool:
        """Whether some network still goes to the old operator."""
        return bool(self.astray)


_WAYS: Final = ("ported", "temporary", "forwarded")


@dataclass(frozen=True, slots=True)
class _Came:
    at: datetime
    way: str
    sender: str


def traffic_of(session: Session, number: PortNumber) -> Traffic:
    """How a number that has arrived is doing."""
    since = (number.ported_at or now()) + SETTLING
    recent = _came(session, number, now() - WINDOW, now())
    astray = [came.sender for came in _came(session, number, since, now()) if came.way == "forwarded"]
    return Traffic(_by_minute(recent), _usual(session, number), tuple(dict.fromkeys(astray)))


def look_for_half_ports(session: Session) -> None:
    """Show the porting desk each number of the last days whose calls partly go astray, and what to write about it."""
    arrived = PortNumber.state.in_([State.PORTED, State.LIVE])
    for number in session.scalars(select(PortNumber).where(arrived, PortNumber.ported_at > now() - WATCHED)):
        traffic = traffic_of(session, number)
        if traffic.half:
            about = f"port_number:{number.id}"
            alert_once_in(session, "half_port", about, timedelta(hours=6), ticket=ticket(number, traffic))


def ticket(number: PortNumber, traffic: Traffic) -> str:
    """What the porting desk writes to the carrier. Carriers are written to in English."""
    ported = number.ported_at.strftime("%Y-%m-%d %H:%M UTC") if number.ported_at else "unknown"
    return "\n".join(
        [
            f"{number.number} was ported to you at {ported} (order {number.order.reference if number.order else '-'}).",
            "Some originating networks still route it to the losing carrier, whose line forwards the calls:",
            *(f"- a call from {caller}" for caller in traffic.astray[:5]),
            "Please have the routing data checked in the networks of these callers.",
        ]
    )


def _came(session: Session, number: PortNumber, since: datetime, until: datetime) -> list[_Came]:
    calls = (
        select(Call)
        .join(Call.conversation)
        .where(Conversation.line_id == number.project.line_id, Call.at >= since, Call.at <= until)
    )
    texts = (
        select(Message)
        .join(Message.conversation)
        .where(Conversation.line_id == number.project.line_id, Message.at >= since, Message.at <= until)
        .where(Message.direction == Direction.IN)
    )
    came: list[Call | Message] = [*session.scalars(calls), *session.scalars(texts)]
    return [_Came(one.at, _way(number, one), one.conversation.contact.number) for one in came]


def _way(number: PortNumber, came: Call | Message) -> str:
    if came.number == number.number:
        return "ported"
    forwarded_from = came.forwarded_from if isinstance(came, Call) else ""
    return "forwarded" if forwarded_from == number.number else "temporary"


def _by_minute(came: Iterable[_Came]) -> tuple[Minute, ...]:
    counted = Counter((one.at.replace(second=0, microsecond=0), one.way) for one in came)
    minutes = sorted({minute for minute, _ in counted})
    return tuple(
        Minute(at, counted[at, "ported"], counted[at, "temporary"], counted[at, "forwarded"]) for at in minutes
    )


def _usual(session: Session, number: PortNumber) -> float:
    weeks: Sequence[timedelta] = [timedelta(weeks=back) for back in range(1, WEEKS + 1)]
    before = [len(_came(session, number, now() - week - WINDOW, now() - week)) for week in weeks]
    return sum(before) / len(before)
