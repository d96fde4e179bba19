"""The switchboard of bad days: what goes wrong with callbacks and with answers, how often, and where."""

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

    Both a `requests` error and Python's own: in-process the caller sees what he would see on a wire,
    and werkzeug's server closes the connection without a word.
    """


class FaultKind(StrEnum):
    """Everything that can be made to go wrong."""

    DROP = "drop"
    DOUBLE = "double"
    DELAY = "delay"
    FORGE = "forge"
    REORDER = "reorder"
    SIGN_FRAGMENT = "sign-fragment"
    REPEAT_HASH = "repeat-hash"
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
    """One thing that goes wrong; `struck` counts how often it did."""

    kind: FaultKind
    rate: float = 1.0
    count: int | None = None
    path: str = "*"
    seconds: float = 0.0
    until: datetime | None = None
    status: int = 500
    struck: int = 0

    def strikes(self, path: str, now: datetime, draw: float) -> bool:
        """Whether it happens to `path` this time."""
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
        """Switch a fault on; `lasting` is in seconds on the rehearsal clock. An unknown kind is a ValueError."""
        until = None if lasting is None else self.clock.now() + timedelta(seconds=lasting)
        fault = Fault(FaultKind(kind), rate, count, path, seconds, until, status)
        with self._lock:
            self.active.append(fault)
        return fault

    def clear(self) -> None:
        """A good day again: no faults, and the words in their first spelling."""
        with self._lock:
            self.active.clear()
            self.api_spelling, self.webhook_spelling = ApiSpelling.SNAKE, WebhookSpelling.SHORT

    def seed(self, number: int) -> None:
        """Start the dice again, so that a run can be repeated."""
        with self._lock:
            self._dice.seed(number)

    def strike(self, kind: FaultKind, path: str) -> Fault | None:
        """The fault of this kind that hits `path` now, if one does."""
        now = self.clock.now()
        with self._lock:
            for fault in self.active:
                if fault.kind is kind and fault.strikes(path, now, self._dice.random()):
                    fault.struck += 1
                    return fault
        return None
