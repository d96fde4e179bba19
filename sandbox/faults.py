"""Faults: what goes wrong with callbacks and answers, how often, and on which paths."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from fnmatch import fnmatchcase
from random import Random
from threading import Lock

import requests

from sandbox.clock import RehearsalClock


class AnswerLost(requests.exceptions.ConnectionError, ConnectionError):
    """The connection drops without an answer.

    It is a `requests` error, which a caller in the same process sees as on a wire, and a `ConnectionError`, on
    which werkzeug's server closes the connection.
    """


class FaultKind(StrEnum):
    """The kinds of faults."""

    DROP = "drop"
    DOUBLE = "double"
    DELAY = "delay"
    FORGE = "forge"
    REORDER = "reorder"
    SIGN_FRAGMENT = "sign-fragment"
    REPEAT_HASH = "repeat-hash"
    STALE = "stale"
    TAMPER = "tamper"
    FLAT = "flat"
    UNKNOWN_EVENT = "unknown-event"
    NO_DATA = "no-data"
    REPEAT_PAGE = "repeat-page"
    ODD_DATES = "odd-dates"
    LOSE_BEFORE = "lose-before"
    LOSE_AFTER = "lose-after"
    THROTTLE = "throttle"
    ERROR = "error"
    OUTAGE = "outage"
    SLOW = "slow"


class ApiSpelling(StrEnum):
    """How status words of ports are spelled in answers."""

    SNAKE = "snake"
    TITLE = "title"


class WebhookSpelling(StrEnum):
    """How status words of ports are spelled in callbacks."""

    SHORT = "short"
    SNAKE = "snake"
    TITLE = "title"
    EVENT = "event"


@dataclass(slots=True)
class Fault:
    """A fault that is switched on; `struck` counts how often it has happened, `skip` how often it still passes by."""

    kind: FaultKind
    rate: float = 1.0
    count: int | None = None
    path: str = "*"
    seconds: float = 0.0
    until: datetime | None = None
    status: int = 500
    skip: int = 0
    struck: int = 0

    def strikes(self, path: str, now: datetime, draw: float) -> bool:
        """Whether the fault happens to `path` now; `draw` is a random number from 0 to 1."""
        over = self.until is not None and now >= self.until
        used_up = self.count is not None and self.struck >= self.count
        return not over and not used_up and fnmatchcase(path, self.path) and draw < self.rate


@dataclass(slots=True)
class Faults:
    """All faults switched on, and the spellings in use."""

    clock: RehearsalClock
    api_spelling: ApiSpelling = ApiSpelling.SNAKE
    webhook_spelling: WebhookSpelling = WebhookSpelling.SHORT
    active: list[Fault] = field(default_factory=list)
    _lock: Lock = field(default_factory=Lock, repr=False)
    _dice: Random = field(default_factory=lambda: Random(1), repr=False)  # noqa: S311 - repeatable, not secret

    def add(
        self,
        kind: FaultKind | str,
        *,
        rate: float = 1.0,
        count: int | None = None,
        path: str = "*",
        seconds: float = 0.0,
        lasting: float | None = None,
        status: int = 500,
    ) -> Fault:
        """Switch a fault on; `lasting` is in seconds of the rehearsal clock. Raises `ValueError` for unknown kinds."""
        until = None if lasting is None else self.clock.now() + timedelta(seconds=lasting)
        fault = Fault(FaultKind(kind), rate, count, path, seconds, until, status)
        with self._lock:
            self.active.append(fault)
        return fault

    def clear(self) -> None:
        """Switch all faults off and restore the default spellings."""
        with self._lock:
            self.active.clear()
            self.api_spelling, self.webhook_spelling = ApiSpelling.SNAKE, WebhookSpelling.SHORT

    def seed(self, number: int) -> None:
        """Seed the random numbers, so that a run can be repeated."""
        with self._lock:
            self._dice.seed(number)

    def strike(self, kind: FaultKind, path: str) -> Fault | None:
        """The fault of this kind that happens to `path` now, or None."""
        now = self.clock.now()
        with self._lock:
            for fault in self.active:
                if fault.kind is not kind or not fault.strikes(path, now, self._dice.random()):
                    continue
                if fault.skip:
                    fault.skip -= 1
                    continue
                fault.struck += 1
                return fault
        return None
