"""Times as lists and conversations show them, in the workspace's zone and the page's language."""

from datetime import date, datetime, timedelta
from typing import Final

from babel.dates import format_skeleton
from flask_babel import format_time, gettext, to_user_timezone

from service.time import now
from service.web.shell.languages import language
from service.web.shell.words import day

_A_WEEK: Final = timedelta(days=7)


def short_time(when: datetime) -> str:
    """A moment (aware) in a list: its time if it is today, yesterday, its weekday within a week, then its day."""
    ago = _today() - calendar_date(when)
    if ago <= timedelta():
        return time_of_day(when)
    if ago == timedelta(days=1):
        return str(gettext("Yesterday"))
    this_year = calendar_date(when).year == _today().year
    skeleton = "E" if ago < _A_WEEK else "MMMd" if this_year else "yMMMd"
    return str(format_skeleton(skeleton, to_user_timezone(when), locale=language().value))


def calendar_day(when: datetime) -> str:
    """The day of a moment (aware): today, yesterday, or its weekday and date."""
    ago = _today() - calendar_date(when)
    if ago == timedelta():
        return str(gettext("Today"))
    return str(gettext("Yesterday")) if ago == timedelta(days=1) else day(calendar_date(when))


def calendar_date(when: datetime) -> date:
    """The date of a moment (aware) in the workspace's zone."""
    local: datetime = to_user_timezone(when)
    return local.date()


def time_of_day(when: datetime) -> str:
    """The time of a moment (aware)."""
    return str(format_time(when, "short"))


def _today() -> date:
    return calendar_date(now())
