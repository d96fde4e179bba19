"""When a line is open, in its own zone: opening hours, closed days, public holidays."""

from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays
from sqlalchemy.orm import Session

from service.calls.nodes import Hours
from service.calls.queries import plan_of
from service.lines.models import Line


def is_open(session: Session, line: Line, at: datetime) -> bool:
    """Whether the line is open at that moment (aware); a line without hours always is."""
    return open_at(plan_of(session, line.id).hours, at)


def open_at(hours: Hours | None, at: datetime) -> bool:
    """Whether these hours hold the moment (aware). A day on which the clocks change has its usual hours."""
    if hours is None:
        return True
    local = at.astimezone(ZoneInfo(hours.zone))
    if local.date() in hours.closed_on or holiday(hours.holidays, local.date()):
        return False
    minute = local.hour * 60 + local.minute
    return any(span.opens <= minute < span.closes for span in hours.week[local.weekday()])


def holiday(place: str, day: date) -> str:
    """What public holiday a day is at a place (SE, US-CA), in that country's first language; empty when it is none."""
    return str(_calendar(place, day.year).get(day, "")) if place else ""


def is_place(place: str) -> bool:
    """Whether the holidays of a country, or of a part of one, are known."""
    country, _, part = place.partition("-")
    known = holidays.list_supported_countries(include_aliases=False)
    return country in known and (not part or part in known[country])


@lru_cache(maxsize=512)
def _calendar(place: str, year: int) -> holidays.HolidayBase:
    """One year, complete: a calendar that grows while it is asked is no thing for several threads."""
    country, _, part = place.partition("-")
    return holidays.country_holidays(country, subdiv=part or None, years=year, expand=False)
