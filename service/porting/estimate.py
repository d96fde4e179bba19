"""Estimates when a number without a date will move: a range of days, from the carrier's rule or from earlier ports."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from provisioning.contract.porting_rules import UsualTime
from provisioning.time_zones import zone_of
from service.porting.business_days import business_day_after
from service.porting.checks import earliest_day
from service.porting.choice import porting_of
from service.porting.kinds import country_of
from service.porting.models import Attempt, PortHistory, PortNumber, PortProject
from service.porting.past_times import PastTimes, past_times, usual_range
from service.porting.states import Fact, State
from service.services import Services
from service.time import today

_TO_BE_FILED: Final = frozenset({State.DRAFT, State.ACTION_REQUIRED})

# the clock of the old operator does not run yet
_NOT_BEGUN: Final = _TO_BE_FILED | {State.SUBMITTING, State.AWAITING_SIGNATURE}
_WAITING: Final = _NOT_BEGUN | {State.IN_REVIEW, State.WITH_LOSING_CARRIER}


@dataclass(frozen=True, slots=True)
class Estimate:
    """The first and last day (at the number) on which it will probably move.

    `seen` is the number of earlier filings this rests on, 0 if it is the carrier's rule. `of_provider` is whether all
    of them were at the same old operator.
    """

    first: date
    last: date
    seen: int = 0
    of_provider: bool = False


def estimate(session: Session, services: Services, project: PortProject) -> Estimate | None:
    """Estimate when the numbers of a project that have no date yet will move.

    None if no number waits for a date, if there is no rule for one of them, or if the usual time is over.
    """
    waiting = {(one.attempt_id, one.kind, one.state): one for one in project.numbers if one.state in _WAITING}
    ranges = [_range(session, services, number) for number in waiting.values()]
    known = [one for one in ranges if one]
    if not known or len(known) < len(ranges):
        return None
    return Estimate(
        min(one.first for one in known),
        max(one.last for one in known),
        min(one.seen for one in known),
        all(one.of_provider for one in known),
    )


def _range(session: Session, services: Services, number: PortNumber) -> Estimate | None:
    usual, seen = _usual(session, services, number)
    if usual is None:
        return None
    here, country = today(zone_of(number.number)), country_of(number.number)
    begun = (_filed if seen else _begun)(session, number) or here
    earliest = _earliest(services, number, begun)
    first = max(business_day_after(begun, usual.least, country), earliest, business_day_after(here, 1, country))
    last = max(business_day_after(begun, usual.most, country), earliest)
    if first > last:
        return None
    return Estimate(first, last, len(seen.days), seen.of_provider) if seen else Estimate(first, last)


def _earliest(services: Services, number: PortNumber, begun: date) -> date:
    """The first business day that its carrier and its holder allow: after the lead time, from the wished day on."""
    allowed = earliest_day(number, porting_of(services, number).capabilities, begun)
    day = max(allowed, number.project.wished or allowed)
    return business_day_after(day - timedelta(days=1), 1, country_of(number.number))


def _filed(session: Session, number: PortNumber) -> date | None:
    """The day, at the number, on which it was filed, from which the times of earlier ones run; None if it is to be."""
    if number.state in _TO_BE_FILED or number.attempt_id is None:
        return None
    return session.get_one(Attempt, number.attempt_id).made_at.astimezone(zone_of(number.number)).date()


def _begun(session: Session, number: PortNumber) -> date | None:
    """The day, at the number, on which the old operator's clock began: when the signed papers went to the carrier."""
    if number.state in _NOT_BEGUN:
        return None
    rows = select(PortHistory.at).where(
        PortHistory.port_number_id == number.id, PortHistory.event.in_([Fact.TAKEN_ON, Fact.SENT_ON])
    )
    at = session.scalar(rows.order_by(PortHistory.sequence.desc()).limit(1))
    return at.astimezone(zone_of(number.number)).date() if at else None


def _usual(session: Session, services: Services, number: PortNumber) -> tuple[UsualTime | None, PastTimes | None]:
    country = country_of(number.number)
    if seen := past_times(session, services, number):
        return UsualTime(country, *usual_range(seen.days)), seen
    return porting_of(services, number).capabilities.usual_time(country, number.kind), None
