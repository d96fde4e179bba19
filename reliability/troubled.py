"""Workers in trouble: stopped again and again, frozen in a transaction, or on a machine whose clock is wrong.

`NAIVE` in the environment makes each the control of its harness, without what the service does against that trouble.
"""

import os
import random
import signal
import subprocess
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, tzinfo
from functools import wraps
from pathlib import Path
from threading import Lock
from typing import Any, Final

from sqlalchemy import event

from provisioning import deadline
from reliability.points import Point, watched
from service import connections
from service import time as service_time
from service import worker as working
from service.connections import Process
from service.handlers import app
from service.inbox.models import Message
from service.ledger.models import EntryKind, LedgerEntry
from service.wiring import wire

AWAKE_SECONDS: Final = 2.0
"""How long a worker runs between two stops, on average."""

FREEZING: Final = "Please hold the line"
"""A text with these words stops the worker that reads it, with its row written and not committed."""

_JOBS: Final = ("perform_at_carrier", "perform_notification")


class _Stops:
    """Stops the whole process at points that are drawn, each time for longer than a lease, and notes each stop."""

    def __init__(self, noted: Path, seconds: float) -> None:
        self._noted, self._seconds, self._lock = noted, seconds, Lock()
        self._draw()

    def at(self, point: Point, _kind: EntryKind | None = None) -> None:
        with self._lock:
            if point is self._next and time.monotonic() > self._not_before:
                with self._noted.open("a") as noted:
                    noted.write(f"{point}\n")
                _stop(self._seconds)
                self._draw()

    def around(self, job: Callable[..., None]) -> Callable[..., None]:
        @wraps(job)
        def stopped(*context: Any, **ids: Any) -> None:  # noqa: ANN401 -- the queue's own
            self.at(Point.BEFORE_CLAIM)
            job(*context, **ids)
            self.at(Point.AFTER_RECORD)

        return stopped

    def _draw(self) -> None:
        self._next = random.choice([*Point])  # noqa: S311 -- dice, no secret
        self._not_before = time.monotonic() + random.uniform(0, 2 * AWAKE_SECONDS)  # noqa: S311


def stopped_worker() -> None:
    """Run a worker that is stopped and goes on, again and again, at every point; the control has no deadline."""
    if "NAIVE" in os.environ:
        deadline.insist = _accept
    stops = _Stops(Path(os.environ["STOPS"]), float(os.environ["STOP_SECONDS"]))
    for name in _JOBS:
        app.tasks[name].func = stops.around(app.tasks[name].func)
    working.run(watched(wire(Process.WORKER), stops.at))


def frozen_worker() -> None:
    """Run a worker that stops for good while it reads a text; the control may stay idle in a transaction for ever."""
    if "NAIVE" in os.environ:
        connections.SETTINGS = {**connections.SETTINGS, Process.WORKER: {}}  # type: ignore[misc]
    event.listen(Message, "load", _freeze)
    working.run(wire(Process.WORKER))


def skewed_worker() -> None:
    """Run a worker whose machine is `SKEW_SECONDS` ahead; the control looks by its rows' times without a margin."""
    ahead = timedelta(seconds=float(os.environ["SKEW_SECONDS"]))
    if "NAIVE" in os.environ:
        LedgerEntry.asked_since = _by_the_row  # type: ignore[method-assign]
    vars(service_time)["datetime"] = _shifted(ahead)
    working.run(wire(Process.WORKER))


def _accept() -> None:
    """Take any time for early enough."""


def _by_the_row(self: LedgerEntry, made_at: datetime) -> datetime:
    return made_at


def _freeze(message: Message, _context: object) -> None:
    """Stop in the midst of the transaction that has written the text and locked its conversation."""
    if message.text == FREEZING:
        event.remove(Message, "load", _freeze)
        os.kill(os.getpid(), signal.SIGSTOP)


def _shifted(ahead: timedelta) -> type[datetime]:
    class Shifted(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = UTC) -> datetime:  # type: ignore[override]
            return datetime.now(tz) + ahead

    return Shifted


def _stop(seconds: float) -> None:
    wake = f"sleep {seconds}; kill -CONT {os.getpid()}"
    subprocess.Popen(["/bin/sh", "-c", wake], start_new_session=True)  # noqa: S603 -- our own words
    os.kill(os.getpid(), signal.SIGSTOP)
