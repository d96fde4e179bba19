"""Half ports: the carriers report a port as complete, but some networks still route calls to the old operator.

They show as forwarded calls: the old line forwards to the temporary number calls that should have reached the ported
one. Calls and texts are also counted by minute and compared with what is usual at that hour of the week.
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


def traffic_of(session: Session, number: PortNumber) -> Traffic:
    """The traffic of a ported number."""
    since_then = incoming_since_settled(session, number)
    networks = networks_of(session, number)
    astray = strays(since_then, networks)
    missing = {stray.network for stray in astray}
    direct = {networks.get(one.sender, "") for one in since_then if one.via is Via.PORTED}
    return Traffic(
        minutes=_by_minute(incoming_between(session, number, now() - WINDOW, now())),
        usual=_usual(session, number),
        astray=astray,
        seen=tuple(sorted(direct - missing - {""})),
        missing=tuple(sorted(missing - {""})),
    )


def is_half(session: Session, number: PortNumber) -> bool:
    """Whether some calls to a ported number go astray."""
    return bool(strays(incoming_since_settled(session, number), networks_of(session, number)))


def incoming_since_settled(session: Session, number: PortNumber) -> list[Incoming]:
    """Calls and texts since every network should know of the port, within `WATCHED`; oldest first."""
    settled = (number.ported_at or now()) + SETTLING
    return incoming_between(session, number, max(settled, now() - WATCHED), now())


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


def networks_of(session: Session, number: PortNumber) -> dict[str, str]:
    """Networks by callers (E.164) of a number that were looked up; "" if the registry does not know."""
    theirs = select(CallerNetwork.caller, CallerNetwork.network).where(CallerNetwork.port_number_id == number.id)
    return dict(session.execute(theirs).all())


def incoming_between(session: Session, number: PortNumber, since: datetime, until: datetime) -> list[Incoming]:
    """Calls and texts that came in on the line of a number, oldest first."""
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
    return [Incoming(at, _via(number, ours, sent_on), sender, bool(call)) for at, ours, sent_on, sender, call in rows]


def _via(number: PortNumber, ours: str, forwarded_from: str) -> Via:
    if ours == number.number:
        return Via.PORTED
    return Via.FORWARDED if forwarded_from == number.number else Via.TEMPORARY


def _by_minute(everything: Iterable[Incoming]) -> tuple[Minute, ...]:
    counted = Counter((one.at.replace(second=0, microsecond=0), one.via) for one in everything)
    minutes = sorted({minute for minute, _ in counted})
    return tuple(Minute(at, *(counted[at, via] for via in Via)) for at in minutes)


def _usual(session: Session, number: PortNumber) -> float:
    """Average of this hour, by the clock at the number, over the last weeks in which the line existed."""
    here = now().astimezone(zone_of(number.number))
    hours = [here - timedelta(weeks=back) for back in range(1, WEEKS + 1)]
    known = [hour.astimezone(UTC) for hour in hours if hour > number.project.line.made_at]
    before = [len(incoming_between(session, number, hour - WINDOW, hour)) for hour in known]
    return sum(before) / len(before) if before else 0.0
