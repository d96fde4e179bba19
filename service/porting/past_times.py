"""How long earlier transfers took, from filing to arrival, and between which days most of them came."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from service.porting.business_days import business_days_between
from service.porting.choice import carrier_of
from service.porting.kinds import country_of
from service.porting.models import Attempt, PortNumber, PortProject
from service.porting.needs import operator_of
from service.porting.operators import operator_called
from service.services import Services

ENOUGH: Final = 20
"""How many earlier filings are needed before anything is said of them."""

LATEST: Final = 1000
"""How many of the latest numbers are looked at: old operators change their ways."""

_TAIL: Final = 0.1
"""The share of filings that come before the first day, and that after the last one."""


@dataclass(frozen=True, slots=True)
class PastTimes:
    """Business days from filing to arrival, one of each filing; `of_provider`: all were at the same old operator."""

    days: Sequence[int]
    of_provider: bool = False


def past_times(session: Session, services: Services, number: PortNumber) -> PastTimes | None:
    """Those of the latest filings of a number's kind, in its country, at its carrier; None while there are few.

    Where there are enough from its old operator, those alone count.
    """
    country, provider = country_of(number.number), operator_of(number.project).name
    rows = session.execute(_arrived(services, number))
    # a filing has one day, however many numbers it brought: days are counted once for each
    filings = {attempt_id: rest for other, attempt_id, *rest in rows if country_of(other) == country}
    theirs = [(filed, ported) for filed, ported, name in filings.values() if _is(provider, name, country)]
    of_provider = len(theirs) >= ENOUGH
    taken = theirs if of_provider else [(filed, ported) for filed, ported, _ in filings.values()]
    if len(taken) < ENOUGH:
        return None
    days = [business_days_between(filed.date(), ported.date(), country) for filed, ported in taken]
    return PastTimes(days, of_provider=of_provider)


def _is(provider: str, registered: str | None, country: str) -> bool:
    """Whether a name in registries is that of an old operator; "" is none."""
    return bool(provider) and operator_called(registered or "", country).name == provider


def usual_range(days: Sequence[int]) -> tuple[int, int]:
    """The days between which eight in ten filings came: about one in ten came before the first, and after the last.

    Whole days cannot cut a tenth off exactly, so that day is taken whose share is nearest. The half that is added
    allows for what was not seen: of few filings the earliest and the latest are not the extremes.
    """
    whole, seen = len(days) + 1, sorted(set(days))
    first = min(seen, key=lambda day: abs((sum(one < day for one in days) + 0.5) / whole - _TAIL))
    last = min(seen, key=lambda day: abs((sum(one > day for one in days) + 0.5) / whole - _TAIL))
    return first, max(first, last)


def _arrived(services: Services, number: PortNumber) -> Select[*tuple[Any, ...]]:
    return (
        select(PortNumber.number, PortNumber.attempt_id, Attempt.made_at, PortNumber.ported_at, PortProject.operator)
        .join(Attempt, PortNumber.attempt_id == Attempt.id)
        .join(PortProject, PortProject.id == PortNumber.project_id)
        .where(PortNumber.ported_at.is_not(None), PortNumber.kind == number.kind)
        .where(Attempt.carrier == carrier_of(services, number))
        .order_by(PortNumber.ported_at.desc())
        .limit(LATEST)
    )
