"""The rehearsal clock: it runs in real time or faster and can jump forward. The service reads it from a shared file."""

import json
import os
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Lock


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting of the clock: it showed `shown` at the real time `real` and has run at `speed` since."""

    real: datetime
    shown: datetime
    speed: float = 1.0

    def now(self, real: datetime) -> datetime:
        """What the clock shows when the real time is `real`."""
        return self.shown + (real - self.real) * self.speed


class RehearsalClock:
    """A clock for rehearsals, always aware and in UTC.

    With a `path` its setting is kept there as JSON (`real`, `shown`, `speed`) and read again on every look, so that
    several processes show the same time. Without a path it is kept in memory; if started at a `start`
    time, it stands still until it is moved.
    """

    def __init__(self, path: Path | None, start: datetime | None = None) -> None:
        real = datetime.now(UTC)
        self._path = path
        self._lock = Lock()
        self._setting = Setting(real, start or real, speed=0.0 if start and path is None else 1.0)
        if path is not None and start is not None:
            _write(path, self._setting)

    def now(self) -> datetime:
        """The time shown."""
        return self._read().now(datetime.now(UTC))

    @property
    def speed(self) -> float:
        """Seconds shown per real second."""
        return self._read().speed

    def jump(self, length: timedelta) -> None:
        """Move the clock forward by `length`. Raises `ValueError` for a negative one."""
        if length < timedelta(0):
            message = "The clock never goes backwards."
            raise ValueError(message)
        self._wind(length, None)

    def jump_to(self, moment: datetime) -> None:
        """Move the clock forward to `moment`. Raises `ValueError` for a moment in its past."""
        self.jump(moment - self.now())

    def set_speed(self, speed: float) -> None:
        """Run `speed` times as fast as real time from now on; 0 stops the clock."""
        if speed < 0:
            message = "The clock never runs backwards."
            raise ValueError(message)
        self._wind(timedelta(0), speed)

    def _wind(self, length: timedelta, speed: float | None) -> None:
        with self._lock:
            real, setting = datetime.now(UTC), self._read()
            self._setting = Setting(real, setting.now(real) + length, setting.speed if speed is None else speed)
            if self._path is not None:
                _write(self._path, self._setting)

    def _read(self) -> Setting:
        if self._path is None:
            return self._setting
        if not self._path.exists():
            _write(self._path, self._setting)
        fields = json.loads(self._path.read_text(encoding="utf-8"))
        real, shown = datetime.fromisoformat(fields["real"]), datetime.fromisoformat(fields["shown"])
        return Setting(real, shown, float(fields["speed"]))


def _write(path: Path, setting: Setting) -> None:
    """Write a new file and rename it, so that a reader always sees a whole setting."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fields = {"real": setting.real.isoformat(), "shown": setting.shown.isoformat(), "speed": setting.speed}
    handle, name = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(fields, file)
    Path(name).replace(path)
