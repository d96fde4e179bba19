"""The only clock. Everything that asks what time it is asks `now()`, so that a rehearsal can run weeks in seconds.

A rehearsal clock is a small JSON file that a carrier sandbox writes and both sides read:
`{"real": ISO 8601 UTC, "shown": ISO 8601 UTC, "speed": number}`, meaning shown + (real time − real) × speed.
Leases and queue times are not asked here: they are real time, and the database tells it.
"""

import json
import os
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

Clock = Callable[[], datetime]


def real_time() -> datetime:
    """The time of day on this machine, aware UTC."""
    return datetime.now(UTC)


def apart(there: datetime, asked: datetime, answered: datetime) -> timedelta:
    """How far our clock is ahead of another, which showed `there` between these two times of ours.

    What the question took is not counted, so a slow answer is no difference.
    """
    return max(asked - there, timedelta()) - max(there - answered, timedelta())


FAR_OFF: Final = timedelta(minutes=1)
"""A machine whose clock is further from the database's does nothing."""

_clock: Clock = real_time


def now() -> datetime:
    """The present, aware UTC."""
    return _clock()


def today(zone: ZoneInfo) -> date:
    """The present day in a zone."""
    return now().astimezone(zone).date()


def in_zone(moment: datetime, zone: str) -> datetime:
    """A naive time of a zone (IANA) as aware UTC. A time that occurs twice, when summer time ends, is the first."""
    return moment.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def day_or_moment(stated: str) -> date | datetime:
    """The day, or the moment with its offset, that a text in ISO 8601 states. Raises ValueError for any other text."""
    try:
        return date.fromisoformat(stated)
    except ValueError:
        return datetime.fromisoformat(stated)


def use_clock(clock: Clock) -> None:
    """Set the process's clock, once, while it is being wired."""
    global _clock  # noqa: PLW0603 -- a process has one clock, as it has one wall
    _clock = clock


class RehearsalClock:
    """Follows the clock file of a carrier sandbox; real time until the file appears."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen: int | None = None
        self._real = self._shown = real_time()
        self._speed = 1.0

    def __call__(self) -> datetime:
        """The rehearsal's present, aware UTC."""
        self._look()
        return self._shown + (real_time() - self._real) * self._speed

    def _look(self) -> None:
        try:
            changed = os.stat(self._path).st_mtime_ns  # noqa: PTH116 -- on the path of every call that asks the time
        except FileNotFoundError:
            return
        if changed != self._seen:
            hand = json.loads(self._path.read_text())
            self._real = datetime.fromisoformat(hand["real"])
            self._shown = datetime.fromisoformat(hand["shown"])
            self._speed = float(hand["speed"])
            self._seen = changed
