"""When numbers can be ported: the windows for wishes, and those in which the minute can be chosen."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from uuid import uuid4
from zoneinfo import ZoneInfo

from sandbox.porting.dates import business_day
from sandbox.telnyx.port_scenarios import is_fast, kind
from sandbox.telnyx.records import ActivationJob

Window = tuple[datetime, datetime]
LEAD_DAYS, FAST_LEAD_DAYS, WINDOWS = 3, 1, 10
OPENS, CLOSES = time(15, tzinfo=UTC), time(21, tzinfo=UTC)
CENTRAL = ZoneInfo("America/Chicago")
FAST_HOURS = {"US": (time(6), time(20)), "CA": (time(8), time(15))}
"""The hours of a fast port by country, in Central time."""


def windows(numbers: Sequence[str], now: datetime) -> list[Window]:
    """The windows in which a port of numbers can be wished for: ten business days, from the third or first one on."""
    lead = FAST_LEAD_DAYS if is_fast(numbers) else LEAD_DAYS
    days = [business_day(now.date(), later=later) for later in range(lead, lead + WINDOWS)]
    return [_window(numbers, day) for day in days]


def new_job(numbers: Sequence[str], foc: datetime, now: datetime) -> ActivationJob:
    """The job by which a fast order is ported on the day of its date: at the end of the hours, if nothing is chosen."""
    opens, closes = _window(numbers, foc.astimezone(CENTRAL).date())
    return ActivationJob(str(uuid4()), opens, closes, closes, now, now)


def _window(numbers: Sequence[str], day: date) -> Window:
    if not is_fast(numbers):
        return datetime.combine(day, OPENS), datetime.combine(day, CLOSES)
    opens, closes = (datetime.combine(day, hour, CENTRAL).astimezone(UTC) for hour in FAST_HOURS[kind(numbers[0])[0]])
    return opens, closes


def later(foc: datetime, business_days: int) -> datetime:
    """The same time of day, so many business days later."""
    return datetime.combine(business_day(foc.date(), later=business_days), foc.timetz())
