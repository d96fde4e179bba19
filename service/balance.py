"""Spreads connections evenly over the workers of a web server.

All workers wait at one socket, and whichever wakes first takes a new connection: often one has all of them, and the
others, on processors of their own, nothing to do. Routers keep connections for long, so it stays that way. Here a
worker leaves a new connection for a moment to those with fewer.
"""

import time
from multiprocessing.sharedctypes import RawArray
from typing import Any, Final

from gunicorn.workers.gthread import ThreadWorker

HEAD_START: Final = 0.005
"""So many seconds those with fewer connections have; then one that is stopped or busy holds nobody up."""

_PLACES: Final = 64
_NO_WORKER: Final = -1

# memory that the workers share, as they are forked: how many connections the worker at each place has
_shared = RawArray("q", [_NO_WORKER] * _PLACES)


class BalancedWorker(ThreadWorker):  # type: ignore[misc]  # gunicorn has no types
    """gunicorn's worker with threads, which takes its share of the connections."""

    def __init__(self, age: int, *args: Any) -> None:  # noqa: ANN401 -- as gunicorn calls it
        self._place = age % _PLACES
        self._waits_until = 0.0
        super().__init__(age, *args)

    @property
    def nr_conns(self) -> int:
        """How many connections are open; gunicorn counts."""
        return self._open

    @nr_conns.setter
    def nr_conns(self, count: int) -> None:
        self._open = _shared[self._place] = count

    def leave(self) -> None:
        """Note that the worker has ended, however it did."""
        _shared[self._place] = _NO_WORKER

    def accept(self, listener: Any) -> None:  # noqa: ANN401 -- one of gunicorn's sockets
        """Take a new connection, unless others have fewer: they are given a head start, once."""
        has_waited = time.monotonic() < self._waits_until + HEAD_START
        if has_waited or self._open <= min(count for count in _shared if count != _NO_WORKER):
            self._waits_until = 0.0
            super().accept(listener)
        else:
            self._waits_until = time.monotonic() + HEAD_START
            self.set_accept_enabled(enabled=False)

    def set_accept_enabled(self, enabled: bool) -> None:  # noqa: FBT001 -- as gunicorn calls it
        """Accept connections or not; gunicorn asks for it before each wait."""
        super().set_accept_enabled(enabled and self._seconds_to_wait() <= 0)

    def wait_for_and_dispatch_events(self, timeout: float) -> None:
        """Wait for events, no longer than the head start of others lasts."""
        to_wait = self._seconds_to_wait()
        super().wait_for_and_dispatch_events(min(timeout, to_wait) if to_wait > 0 else timeout)

    def _seconds_to_wait(self) -> float:
        return self._waits_until - time.monotonic()
