"""Business days in the United States, and the moment a port is committed to."""

from datetime import UTC, date, datetime, time, timedelta
from functools import cache

import holidays

_SATURDAY = 5


def is_holiday(day: date) -> bool:
    """Whether a day is a federal holiday in the United States."""
    return day in _federal_holidays()


def business_day(day: date, later: int = 0) -> date:
    """The first business day on or after `day`, moved on by `later` business days."""
    while day.weekday() >= _SATURDAY or is_holiday(day):
        day += timedelta(days=1)
    return day if later == 0 else business_day(day + timedelta(days=1), later - 1)


def port_moment(now: datetime, wished: object, start: object, lead_days: int, usual: time) -> datetime:
    """The moment a port is committed to (UTC): on the wished day, else the first business day `lead_days` ahead."""
    earliest = (now + timedelta(days=lead_days)).date()
    day = date.fromisoformat(str(wished)) if wished else earliest
    hour = time.fromisoformat(str(start)).replace(tzinfo=None) if start else usual
    return datetime.combine(business_day(max(day, now.date())), hour, UTC)


def to_utc(day: date, clock_time: str) -> tuple[date, str]:
    """Convert a wished day and a time with offset (`10:15:00-08:00`) to UTC. Raises `ValueError` for another format."""
    wanted = time.fromisoformat(clock_time)
    moment = datetime.combine(day, wanted, wanted.tzinfo or UTC).astimezone(UTC)
    return moment.date(), f"{moment:%H:%M:%S}Z"


@cache
def _federal_holidays() -> holidays.HolidayBase:
    return holidays.country_holidays("US")
