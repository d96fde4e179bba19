"""Half ports: the carriers say done, but some networks still hand calls to the old operator.

The old line shows them: it forwards to the temporary number what should have come to the ported one. So calls and
texts are counted for each minute, and held against what is usual at that hour on that day of the week.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
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
"""Networks take up to half an hour to learn of a port; what an old line forwards later is a half port."""

WATCHED: Final = timedelta(days=3)
"""How long a number is watched, and how long a call that went astray counts where its network was not heard again."""

WINDOW: Final = timedelta(hours=1)
WEEKS: Final = 4


class Way(StrEnum):
    """How something came in: on the ported number, on another of the line, or sent on by the old line."""

    PORTED = "ported"
    TEMPORARY = "temporary"
    FORWARDED = "forwarded"


@dataclass(frozen=True, slots=True)
class Minute:
    """What came in within one minute (its start, aware UTC), by the way it came."""

    at: datetime
    ported: int
    temporary: int
    forwarded: int


@dataclass(frozen=True, slots=True)
class Stray:
    """The last call of a caller (E.164) that the old line forwarded; `network` is theirs, "" while not known."""

    caller: str
    at: datetime
    network: str


@dataclass(frozen=True, slots=True)
class Traffic:
    """The last hour of a number that has arrived, minute by minute where there was anything.

    `usual` is how many calls and texts came in on the line in this hour of the week, on average of four weeks.
    `astray` are calls that the old line should not have got any more. `seen` are the networks that reach the number
    by themselves, `missing` those that still hand calls to the old operator.
    """

    minutes: tuple[Minute, ...]
    usual: float
    astray: tuple[Stray, ...]
    seen: tuple[str, ...]
    missing: tuple[str, ...]

    @property
    def half(self) -> bool:
        """Whether some network still goes to the old operator."""
        return bool(self.astray)


@dataclass(frozen=True, slots=True)
class Came:
    """Something that came in on the line of a ported number: a call, or else a text."""

    at: datetime
    way: Way
    sender: str
    call: bool


def traffic_of(session: Session, number: PortNumber) -> Traffic:
    """How a number that has arrived is doing."""
    since_then = came_since_settled(session, number)
    networks = networks_of(session, number)
    astray = strays(since_then, networks)
    missing = {stray.network for stray in astray}
    direct = {networks.get(came.sender, "") for came in since_then if came.way is Way.PORTED}
    return Traffic(
        minutes=_by_minute(came(session, number, now() - WINDOW, now())),
        usual=_usual(session, number),
        astray=astray,
        seen=tuple(sorted(direct - missing - {""})),
        missing=tuple(sorted(missing - {""})),
    )


def is_half(session: Session, number: PortNumber) -> bool:
    """Whether calls to a number that has arrived partly go astray."""
    return bool(strays(came_since_settled(session, number), networks_of(session, number)))


def came_since_settled(session: Session, number: PortNumber) -> list[Came]:
    """What came in since every network should know of the port, as far back as it counts; oldest first."""
    settled = (number.ported_at or now()) + SETTLING
    return came(session, number, max(settled, now() - WATCHED), now())


def strays(since_settled: Iterable[Came], networks: Mapping[str, str]) -> tuple[Stray, ...]:
    """Who still goes astray: not any more who has come by themselves since then, or another of their network."""
    astray: dict[str, Stray] = {}
    for one in since_settled:
        network = networks.get(one.sender, "")
        if one.way is Way.FORWARDED:
            astray[one.sender] = Stray(one.sender, one.at, network)
        elif one.way is Way.PORTED and one.call:
            mended = [lost.caller for lost in astray.values() if network and lost.network == network]
            for caller in {one.sender, *mended} & astray.keys():
                del astray[caller]
    return tuple(astray.values())


def networks_of(session: Session, number: PortNumber) -> dict[str, str]:
    """The networks of callers (E.164) of a number who were looked up; "" where the registry does not know."""
    theirs = select(CallerNetwork.caller, CallerNetwork.network).where(CallerNetwork.port_number_id == number.id)
    return dict(session.execute(theirs).all())


def came(session: Session, number: PortNumber, since: datetime, until: datetime) -> list[Came]:
    """What came in on the line of a number, oldest first."""
    talked = (Conversation.line_id == number.project.line_id, Conversation.last_at >= since)
    calls = select(Call.at, Call.number, Call.forwarded_from, Contact.number.label("sender"), literal(1).label("call"))
    texts = select(Message.at, Message.number, literal(""), Contact.number, literal(0))
    every = union_all(
        calls.join(Call.conversation)
        .join(Conversation.contact)
        .where(*talked, Call.direction == Direction.IN, Call.at.between(since, until)),
        texts.join(Message.conversation)
        .join(Conversation.contact)
        .where(*talked, Message.direction == Direction.IN, Message.at.between(since, until)),
    )
    rows = session.execute(every.order_by("at"))
    return [Came(at, _way(number, ours, sent_on), sender, bool(call)) for at, ours, sent_on, sender, call in rows]


def _way(number: PortNumber, ours: str, forwarded_from: str) -> Way:
    if ours == number.number:
        return Way.PORTED
    return Way.FORWARDED if forwarded_from == number.number else Way.TEMPORARY


def _by_minute(everything: Iterable[Came]) -> tuple[Minute, ...]:
    counted = Counter((one.at.replace(second=0, microsecond=0), one.way) for one in everything)
    minutes = sorted({minute for minute, _ in counted})
    return tuple(Minute(at, *(counted[at, way] for way in Way)) for at in minutes)


def _usual(session: Session, number: PortNumber) -> float:
    """By the clock at the number, which is set back and forward in between; a young line has fewer weeks."""
    here = now().astimezone(zone_of(number.number))
    hours = [here - timedelta(weeks=back) for back in range(1, WEEKS + 1)]
    known = [hour.astimezone(UTC) for hour in hours if hour > number.project.line.made_at]
    before = [len(came(session, number, hour - WINDOW, hour)) for hour in known]
    return sum(before) / len(before) if before else 0.0
