"""Database connections for requests that carriers wait for: psycopg's own, with short timeouts, in autocommit mode."""

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final
from weakref import finalize

import psycopg

# a carrier gives up after 15 seconds in all; it must hear of our trouble before that
_CONNECT_SECONDS: Final = 3
_SILENCE_MS: Final = 4000


def connect(url: str) -> psycopg.Connection:
    """Connect to the database at a URL as the driver takes it. Whatever takes more than four seconds is an error."""
    return psycopg.connect(
        url,
        autocommit=True,
        connect_timeout=_CONNECT_SECONDS,
        tcp_user_timeout=_SILENCE_MS,
        options=f"-c statement_timeout={_SILENCE_MS}",
    )


class Cursors:
    """Cursors for reading, each on a connection of its own: as many as threads ever read at once.

    Looking whether one still works takes another trip to the database, so a read finds that out by failing; `close`
    them all then, and the next read has a new one.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._idle: deque[psycopg.Cursor[Any]] = deque()
        # the application is thrown away, or the process ends: the database should not be left to find out
        finalize(self, _close, self._idle)

    @contextmanager
    def one(self) -> Iterator[psycopg.Cursor[Any]]:
        """Lend a cursor for the block; one whose connection broke does not come back."""
        try:
            cursor = self._idle.pop()
        except IndexError:
            cursor = connect(self._url).cursor()
        try:
            yield cursor
        finally:
            if not cursor.connection.closed:
                self._idle.append(cursor)

    def close(self) -> None:
        """Close the connections that are not in use."""
        _close(self._idle)


def _close(cursors: deque[psycopg.Cursor[Any]]) -> None:
    while cursors:
        cursors.pop().connection.close()
