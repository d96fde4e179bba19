"""When a line is open, in its own time zone: opening hours, closed days, public holidays."""

from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays
from sqlalchemy.orm import Session

from service.calls.nodes import Hours
from service.calls.queries import plan_of
from service.lines.models import Line


def is_open(session: Session, line: Line, at: datetime) -> bool:
    """Whether the line is open at this moment (aware); a line without opening hours always is."""
    return open_at(plan_of(session, line.id).hours, at)


def open_at(hours: Hours | None, at: datetime) -> bool:
    """Whether this moment (aware) is within the hours. They are clock times, also on days when the clocks change."""
    if hours is None:
        return True
    local = at.astimezone(ZoneInfo(hours.zone))
    if local.date() in hours.closed_on or holiday(hours.holidays, local.date()):
        return False
    minute = local.hour * 60 + local.minute
    return any(span.opens <= minute < span.closes for span in hours.week[local.weekday()])


def holiday(place: str, day: date) -> str:
    """The public holiday on a day at a place (SE, US-CA), in the country's first language; "" if there is none."""
    return str(_calendar(place, day.year).get(day, "")) if place else ""


def is_place(place: str) -> bool:
    """Whether the public holidays of a place (SE, US-CA) are known."""
    country, _, part = place.partition("-")
    known = holidays.list_supported_countries(include_aliases=False)
    return country in known and (not part or part in known[country])


@lru_cache(maxsize=512)
def _calendar(place: str, year: int) -> holidays.HolidayBase:
    """The complete calendar of one year: the library's calendars that grow while they are read are not thread-safe."""
    country, _, part = place.partition("-")
    return holidays.country_holidays(country, subdiv=part or None, years=year, expand=False)
