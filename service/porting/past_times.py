"""How long earlier transfers took, from filing to arrival, and between which days most of them came."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from service.porting.choice import carrier_of
from service.porting.kinds import country_of
from service.porting.models import PortNumber
from service.porting.weeks import PortWeek, provider_called
from service.services import Services

ENOUGH: Final = 20
"""How many earlier filings are needed before anything is said of them."""

LATEST: Final = 1000
"""Of how many of the latest filings the week is looked at: old operators change their ways."""

_TAIL: Final = 0.1
"""The share of filings that come before the first day, and that after the last one."""


@dataclass(frozen=True, slots=True)
class PastTimes:
    """Business days from filing to arrival, one of each filing for which no day was wished.

    `of_provider`: all were at the same old operator.
    """

    days: Sequence[int]
    of_provider: bool = False


def past_times(session: Session, services: Services, number: PortNumber) -> PastTimes | None:
    """Those of the latest filings of a number's kind, in its country, at its carrier; None while there are few.

    Where there are enough from its old operator, those alone count. They are as of the last count (`weeks.py`), which
    is made every day; it has a row for a week of many filings, so that no more than `LATEST` rows are read.
    """
    alike, provider = _alike(services, number), provider_called(number.project.operator, country_of(number.number))
    if provider and len(theirs := _latest(session, alike.where(PortWeek.provider == provider))) >= ENOUGH:
        return PastTimes(theirs, of_provider=True)
    days = _latest(session, alike)
    return PastTimes(days) if len(days) >= ENOUGH else None


def _alike(services: Services, number: PortNumber) -> Select[Any]:
    return (
        select(PortWeek.filed_to_arrival)
        .where(PortWeek.carrier == carrier_of(services, number), PortWeek.country == country_of(number.number))
        .where(PortWeek.kind == number.kind, PortWeek.arrived > 0)
        .order_by(PortWeek.week.desc())
        .limit(LATEST)
    )


def _latest(session: Session, weeks: Select[Any]) -> list[int]:
    """The days of the filings of these weeks, newest first, until there are `LATEST`."""
    found: Counter[int] = Counter()
    for taken in session.scalars(weeks):
        found.update({int(days): count for days, count in taken.items()})
        if found.total() >= LATEST:
            break
    return sorted(found.elements())


def usual_range(days: Sequence[int]) -> tuple[int, int]:
    """The days between which eight in ten filings came: about one in ten came before the first, and after the last.

    Whole days cannot cut a tenth off exactly, so that day is taken whose share is nearest. The half that is added
    allows for what was not seen: of few filings the earliest and the latest are not the extremes.
    """
    whole, seen = len(days) + 1, sorted(set(days))
    first = min(seen, key=lambda day: abs((sum(one < day for one in days) + 0.5) / whole - _TAIL))
    last = min(seen, key=lambda day: abs((sum(one > day for one in days) + 0.5) / whole - _TAIL))
    return first, max(first, last)
