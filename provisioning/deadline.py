"""The moment until which a request may leave, by a clock that goes on while the process or its machine is suspended.

Another worker may send in our place once a lease is over. A process that was stopped in between, or a laptop that
slept, must find that out before it opens a connection.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

from provisioning.contract.errors import TooLate

# Linux counts suspended time in this clock only, macOS in CLOCK_MONOTONIC:
# https://man7.org/linux/man-pages/man2/clock_gettime.2.html
_CLOCK: Final = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)

_deadline: ContextVar[float | None] = ContextVar("deadline", default=None)


def since_boot() -> float:
    """Seconds since the machine was started, suspended time included."""
    return time.clock_gettime(_CLOCK)


@contextmanager
def until(moment: float | None) -> Iterator[None]:
    """Requests in the block leave before `moment` (of `since_boot`) or not at all; None sets no limit."""
    before = _deadline.set(moment)
    try:
        yield
    finally:
        _deadline.reset(before)


def extend(moment: float) -> None:
    """Move the limit of the block around, because its lease was renewed."""
    if _deadline.get() is not None:
        _deadline.set(moment)


def insist() -> None:
    """Raise `TooLate` after the limit of the block around."""
    limit = _deadline.get()
    if limit is not None and since_boot() > limit:
        raise TooLate
