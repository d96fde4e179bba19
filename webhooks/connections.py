"""Database connections for requests that carriers wait for: psycopg's own, with short timeouts, in autocommit mode.

They serve nothing else: no busy page, and no worker that takes all that the database allows, keeps callbacks waiting.
"""

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import BoundedSemaphore
from typing import Final
from weakref import finalize

from psycopg import OperationalError

from service.connections import DirectConnection, Process, arguments

# a carrier gives up after 15 seconds in all; it must hear of our trouble before that
_CONNECT_SECONDS: Final = 3
_SILENCE_MS: Final = 4000

READS: Final = 4
"""So many connections answer the ringing calls of a process; one more call waits for one of them."""


def connect(url: str) -> DirectConnection:
    """Connect to the database at a URL as the driver takes it. Whatever takes more than four seconds is an error."""
    soon = {"connect_timeout": _CONNECT_SECONDS, "tcp_user_timeout": _SILENCE_MS}
    return DirectConnection.connect(url, autocommit=True, **(arguments(Process.INTAKE) | soon))


class Connections:
    """Connections for reading: as many as threads ever read at once, and at most `READS`.

    Looking whether one still works takes another trip to the database, so a read finds that out by failing; `close`
    them all then, and the next read has a new one.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._idle: deque[DirectConnection] = deque()
        self._free = BoundedSemaphore(READS)
        # the application is thrown away, or the process ends: the database should not be left to find out
        finalize(self, _close, self._idle)

    @contextmanager
    def one(self) -> Iterator[DirectConnection]:
        """Lend a connection for the block; one that broke does not come back.

        Raises the driver's `OperationalError` when there is none within four seconds.
        """
        if not self._free.acquire(timeout=_SILENCE_MS / 1000):
            raise OperationalError("all connections for ringing calls are busy")
        try:
            connection = self._kept() or connect(self._url)
            try:
                yield connection
            finally:
                if not connection.closed:
                    self._idle.append(connection)
        finally:
            self._free.release()

    def _kept(self) -> DirectConnection | None:
        with suppress(IndexError):
            return self._idle.pop()
        return None

    def open(self) -> None:
        """Have one connection ready. Raises the driver's errors."""
        with self.one():
            pass

    def close(self) -> None:
        """Close the connections that are not in use."""
        _close(self._idle)


def _close(connections: deque[DirectConnection]) -> None:
    while connections:
        connections.pop().close()
