"""Keeping callbacks: stored for good before the carrier hears a yes.

A commit costs more than all else here, so whatever arrives together is committed together: each request lays its
callback down and waits for its turn to write, and whoever's turn it is writes for all who wait. There is no thread to
start or stop; the one connection of a process is opened when first needed, which is after the server has forked.
"""

from collections import deque
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from itertools import islice
from threading import Lock
from typing import Final, LiteralString
from weakref import finalize

import psycopg

from provisioning.contract.callbacks import Subject

CHANNEL: Final = "received"
"""What the database notifies the reader on: one wake-up for each batch, however many rows it has."""

_BATCH = 64

# a carrier gives up after 15 seconds in all; it must hear of our trouble before that
_PATIENCE_SECONDS = 8
_CONNECT_SECONDS = 3
_SILENCE_MS = 4000

_KEEP = """
    WITH kept AS (
        INSERT INTO received (carrier, subject, query, body, digest) VALUES {rows} ON CONFLICT DO NOTHING RETURNING id
    )
    SELECT pg_notify('received', '') WHERE EXISTS (SELECT FROM kept)
"""
_ROW = "(%b, %b, %b, %b, %b)"


class NotKept(Exception):
    """The database did not take the callback: the carrier has to send it again."""


@dataclass(frozen=True, slots=True)
class Callback:
    """A verified callback, byte for byte; `query` is the raw query string of its URL."""

    carrier: str
    subject: Subject
    query: str
    body: bytes = field(repr=False)

    def columns(self) -> tuple[str, str, str, bytes, bytes]:
        """The values of its row; the last is what a repeated callback is known by."""
        digest = sha256(f"{self.subject}?{self.query}\n".encode() + self.body).digest()
        return self.carrier, self.subject.value, self.query, self.body, digest


class Intake:
    """One process's way of keeping callbacks, shared by its threads."""

    def __init__(self, database_url: str) -> None:
        self._address = database_url
        self._waiting: deque[_Slip] = deque()
        self._turn = Lock()
        self._cursor: psycopg.Cursor | None = None

    def keep(self, callback: Callback) -> None:
        """Return when the callback is committed, this time or an earlier one. Raises `NotKept`."""
        slip = _Slip(callback)
        self._waiting.append(slip)
        if not self._turn.acquire(timeout=_PATIENCE_SECONDS):
            raise NotKept
        try:
            while slip.kept is None:
                self._write_batch()
        finally:
            self._turn.release()
        self._write_what_was_noted()
        if not slip.kept:
            raise NotKept

    def note(self, callback: Callback) -> None:
        """Have a callback kept soon, without waiting for it: whoever is writing takes it along.

        For a ringing call, whose answer must not wait for a commit. Should the process die within these moments, the
        call's later callbacks still tell of it.
        """
        self._waiting.append(_Slip(callback))
        self._write_what_was_noted()

    def _write_what_was_noted(self) -> None:
        """Nobody waits for a note, so whoever leaves looks whether one has been laid down meanwhile."""
        while self._waiting and self._turn.acquire(blocking=False):
            try:
                self._write_batch()
            finally:
                self._turn.release()

    def _write_batch(self) -> None:
        batch = [self._waiting.popleft() for _ in islice(range(_BATCH), len(self._waiting))]
        kept = not batch or self._write([slip.callback for slip in batch])  # somebody may have taken the last one along
        for slip in batch:
            slip.kept = kept

    def _write(self, callbacks: list[Callback]) -> bool:
        """Write once more on a new connection when the old one fails: the database may have been restarted."""
        statement = _keeping(len(callbacks))
        values = [value for callback in callbacks for value in callback.columns()]
        for _ in range(2):
            try:
                self._connected().execute(statement, values)
            except psycopg.Error:
                self._disconnect()
            else:
                return True
        return False

    def _connected(self) -> psycopg.Cursor:
        """One cursor for good: making one costs as much as using it."""
        if self._cursor is None:
            connection = psycopg.connect(
                self._address,
                autocommit=True,
                connect_timeout=_CONNECT_SECONDS,
                tcp_user_timeout=_SILENCE_MS,
                options=f"-c statement_timeout={_SILENCE_MS}",
            )
            # the process ends, or the application is thrown away: the database should not be left to find out
            finalize(self, connection.close)
            self._cursor = connection.cursor()
        return self._cursor

    def _disconnect(self) -> None:
        if self._cursor:
            self._cursor.connection.close()
        self._cursor = None


@cache
def _keeping(rows: int) -> LiteralString:
    """The statement for so many rows. Arrays would need one for all, but take the driver three times as long."""
    return _KEEP.format(rows=", ".join([_ROW] * rows))


@dataclass(slots=True)
class _Slip:
    """A callback waiting to be written; `kept` tells how that went, None while it has not."""

    callback: Callback
    kept: bool | None = None
