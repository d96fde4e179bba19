"""Database connections for requests that carriers wait for: psycopg's own, with short timeouts, in autocommit mode."""

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final
from weakref import finalize

from service.connections import DirectConnection

# a carrier gives up after 15 seconds in all; it must hear of our trouble before that
_CONNECT_SECONDS: Final = 3
_SILENCE_MS: Final = 4000


def connect(url: str) -> DirectConnection:
    """Connect to the database at a URL as the driver takes it. Whatever takes more than four seconds is an error."""
    return DirectConnection.connect(
        url,
        autocommit=True,
        connect_timeout=_CONNECT_SECONDS,
        tcp_user_timeout=_SILENCE_MS,
        # planning what is asked for every call anew takes ten times as long as the answer
        options=f"-c statement_timeout={_SILENCE_MS} -c plan_cache_mode=force_generic_plan",
    )


class Connections:
    """Connections for reading: as many as threads ever read at once.

    Looking whether one still works takes another trip to the database, so a read finds that out by failing; `close`
    them all then, and the next read has a new one.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._idle: deque[DirectConnection] = deque()
        # the application is thrown away, or the process ends: the database should not be left to find out
        finalize(self, _close, self._idle)

    @contextmanager
    def one(self) -> Iterator[DirectConnection]:
        """Lend a connection for the block; one that broke does not come back."""
        try:
            connection = self._idle.pop()
        except IndexError:
            connection = connect(self._url)
        try:
            yield connection
        finally:
            if not connection.closed:
                self._idle.append(connection)

    def close(self) -> None:
        """Close the connections that are not in use."""
        _close(self._idle)


def _close(connections: deque[DirectConnection]) -> None:
    while connections:
        connections.pop().close()
