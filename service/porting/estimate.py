"""Estimates when a number without a date will move: a range of days, from the carrier's rule or from earlier ports."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from provisioning.contract.porting_rules import UsualTime
from provisioning.time_zones import zone_of
from service.porting.business_days import business_day_after, business_days_between
from service.porting.checks import earliest_day
from service.porting.choice import carrier_of, porting_of
from service.porting.kinds import country_of
from service.porting.models import Attempt, PortHistory, PortNumber, PortProject
from service.porting.states import Fact, State
from service.services import Services
from service.time import today

ENOUGH: Final = 20
"""How many earlier filings of the same kind are needed before their times replace the carrier's rule."""

LATEST: Final = 200
"""How many of the latest filings are looked at."""

# the clock of the old operator does not run yet
_NOT_BEGUN: Final = frozenset({State.DRAFT, State.SUBMITTING, State.AWAITING_SIGNATURE, State.ACTION_REQUIRED})
_WAITING: Final = _NOT_BEGUN | {State.IN_REVIEW, State.WITH_LOSING_CARRIER}


@dataclass(frozen=True, slots=True)
class Estimate:
    """The first and last day (at the number) on which it will probably move.

    `seen` is the number of earlier filings this rests on, 0 if it is the carrier's rule.
    """

    first: date
    last: date
    seen: int = 0


def estimate(session: Session, services: Services, project: PortProject) -> Estimate | None:
    """Estimate when the numbers of a project that have no date yet will move.

    None if no number waits for a date, if there is no rule for one of them, or if the usual time is over.
    """
    waiting = {(one.attempt_id, one.kind, one.state): one for one in project.numbers if one.state in _WAITING}
    ranges = [_range(session, services, number) for number in waiting.values()]
    known = [one for one in ranges if one]
    if not known or len(known) < len(ranges):
        return None
    return Estimate(min(one.first for one in known), max(one.last for one in known), min(one.seen for one in known))


def _range(session: Session, services: Services, number: PortNumber) -> Estimate | None:
    usual, seen = _usual(session, services, number)
    if usual is None:
        return None
    here, country = today(zone_of(number.number)), country_of(number.number)
    begun = _begun(session, number) or here
    earliest = _earliest(services, number, begun)
    first = max(business_day_after(begun, usual.least, country), earliest, business_day_after(here, 1, country))
    last = max(business_day_after(begun, usual.most, country), earliest)
    return Estimate(first, last, seen) if first <= last else None


def _earliest(services: Services, number: PortNumber, begun: date) -> date:
    """The first business day that its carrier and its holder allow: after the lead time, from the wished day on."""
    allowed = earliest_day(number, porting_of(services, number).capabilities, begun)
    day = max(allowed, number.project.wished or allowed)
    return business_day_after(day - timedelta(days=1), 1, country_of(number.number))


def _begun(session: Session, number: PortNumber) -> date | None:
    """The day, at the number, on which the old operator's clock began: when the signed papers went to the carrier."""
    if number.state in _NOT_BEGUN:
        return None
    rows = select(PortHistory.at).where(
        PortHistory.port_number_id == number.id, PortHistory.event.in_([Fact.TAKEN_ON, Fact.SENT_ON])
    )
    at = session.scalar(rows.order_by(PortHistory.sequence.desc()).limit(1))
    return at.astimezone(zone_of(number.number)).date() if at else None


def _usual(session: Session, services: Services, number: PortNumber) -> tuple[UsualTime | None, int]:
    country = country_of(number.number)
    own = _times_seen(session, services, number)
    if len(own) >= ENOUGH:
        return UsualTime(country, own[len(own) // 10], own[len(own) * 9 // 10]), len(own)
    return porting_of(services, number).capabilities.usual_time(country, number.kind), 0


def _times_seen(session: Session, services: Services, number: PortNumber) -> list[int]:
    """Business days from filing to arrival of the latest filings of its kind at its carrier, shortest first."""
    country = country_of(number.number)
    arrived = (
        select(PortNumber, Attempt.made_at)
        .join(Attempt, PortNumber.attempt_id == Attempt.id)
        .where(PortNumber.ported_at.is_not(None), PortNumber.kind == number.kind)
        .where(Attempt.carrier == carrier_of(services, number))
        .order_by(PortNumber.ported_at.desc())
        .limit(LATEST)
    )
    alike = [(one, made) for one, made in session.execute(arrived) if country_of(one.number) == country]
    filings = {one.attempt_id: (made.date(), one.ported_at.date()) for one, made in alike if one.ported_at}
    return sorted(business_days_between(made, ported, country) for made, ported in filings.values())
