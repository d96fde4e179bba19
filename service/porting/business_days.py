"""Business days at a number: the days on which the operators of its country work on ports."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import takewhile
from typing import Final

import holidays
from holidays.constants import DE_FACTO, GOVERNMENT, PUBLIC

from provisioning.time_zones import zone_of
from service.porting.kinds import country_of

_CATEGORIES: Final = {
    # telecommunications are under federal rules: the Canada Labour Code's holidays, observed after a weekend
    "CA": (GOVERNMENT,),
    # the eves of Midsummer, Christmas and New Year count as Sundays (semesterlagen 1977:480, section 7)
    "SE": (PUBLIC, DE_FACTO),
}
"""Which of the holidays that are known of a country stop work; elsewhere the public ones."""


def is_business_day(day: date, country: str) -> bool:
    """Whether work is done that day in the country (ISO code) of the number: no weekend, no holiday of its operators.

    A country whose holidays are unknown has weekends only; no country ("") is taken for the US.
    """
    return _calendar(country or "US", day.year).is_working_day(day)


@lru_cache(maxsize=8192)
def business_days_between(first: date, last: date, country: str) -> int:
    """How many business days come after the first day, up to the last. Cached: estimates ask of the same days."""
    return sum(is_business_day(day, country) for day in takewhile(lambda day: day <= last, _days_after(first)))


def business_days_taken(number: str, first: datetime, last: datetime) -> int:
    """How many business days of a number (E.164) come after one moment (aware), up to another, by its own clock."""
    zone = zone_of(number)
    return business_days_between(first.astimezone(zone).date(), last.astimezone(zone).date(), country_of(number))


def business_day_after(day: date, business_days: int, country: str) -> date:
    """The business day so many after this one, for 0 the next."""
    coming = (later for later in _days_after(day) if is_business_day(later, country))
    return next(later for ahead, later in enumerate(coming, 1) if ahead >= business_days)


def _days_after(day: date) -> Iterator[date]:
    """The days after this one, for a year: no port lasts longer."""
    return (day + timedelta(days=ahead) for ahead in range(1, 366))


@lru_cache(maxsize=256)
def _calendar(country: str, year: int) -> holidays.HolidayBase:
    """One year, complete: a calendar that grows while it is asked is no thing for several threads."""
    if country not in holidays.list_supported_countries():
        return holidays.HolidayBase(years=year, expand=False)
    categories = _CATEGORIES.get(country, (PUBLIC,))
    return holidays.country_holidays(country, years=year, expand=False, categories=categories)
