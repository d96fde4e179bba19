"""Moments that a person chooses in the workspace's zone, as `datetime-local` fields write them."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from flask_babel import gettext

from service.time import now

MORNING: Final = time(9)

Later = tuple[str, str]
"""A choice's label, and its moment as a `datetime-local` value."""


def later_times(zone: str) -> Sequence[Later]:
    """The moments offered for snoozing: in an hour, tomorrow morning, Monday morning."""
    here = now().astimezone(ZoneInfo(zone))
    tomorrow, monday = _morning(here, 1), _morning(here, 7 - here.weekday())
    hour = (here + timedelta(hours=1)).replace(tzinfo=None, second=0, microsecond=0)
    chosen = [(gettext("In an hour"), hour), (gettext("Tomorrow at 9"), tomorrow)]
    if monday != tomorrow:
        chosen.append((gettext("Monday at 9"), monday))
    return [(words, moment.isoformat(timespec="minutes")) for words, moment in chosen]


def _morning(here: datetime, days: int) -> datetime:
    return datetime.combine(here.date() + timedelta(days=days), MORNING)
