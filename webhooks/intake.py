"""Storing callbacks durably before the carrier gets its answer.

A commit costs more than all else here, so callbacks that arrive together are committed together: each request queues a
slip with its callback and sleeps. One request writes for all, wakes those it wrote for, and hands the turn to write to
the first of those that have come meanwhile. There is no thread to start or stop; the one connection of a process is
opened when first needed, which is after the server has forked.
"""

import logging
import time
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
from webhooks.connections import connect

log = logging.getLogger(__name__)

CHANNEL: Final = "received"
"""The PostgreSQL channel that wakes the reader, once for each batch."""

_BATCH = 64

_GATHERED_SECONDS = 0.01
"""No request waits for a note, and ten are written in little more time than one."""

_PATIENCE_SECONDS = 8
"""A carrier gives up after 15 seconds in all; it must get our error before that."""

_KEEP = """
    WITH kept AS (
        INSERT INTO received (carrier, subject, query, body, digest) VALUES {rows} ON CONFLICT DO NOTHING RETURNING id
    )
    SELECT pg_notify('received', '') WHERE EXISTS (SELECT FROM kept)
"""
_ROW = "(%b, %b, %b, %b, %b)"


class NotKept(Exception):
    """The callback could not be stored: the carrier has to send it again."""


@dataclass(frozen=True, slots=True)
class Callback:
    """A verified callback, byte for byte; `query` is the raw query string of its URL."""

    carrier: str
    subject: Subject
    query: str
    body: bytes = field(repr=False)

    def columns(self) -> tuple[str, str, str, bytes, bytes]:
        """The values of its row; the last one identifies a repeated callback."""
        digest = sha256(f"{self.subject}?{self.query}\n".encode() + self.body).digest()
        return self.carrier, self.subject.value, self.query, self.body, digest


class Intake:
    """Stores callbacks for one process; its threads share it.

    The thread that writes holds `_turn`; one that waits for more notes, and then for its turn to write them, holds
    `_gathering`. Each request sleeps on its own slip: if all waited for one lock, each would have to get it in turn,
    even when its callback is long written, and that took half of the time. For `_notes` no request waits.
    """

    def __init__(self, database_url: str) -> None:
        self._address = database_url
        self._waiting: deque[_Slip] = deque()
        self._notes: deque[_Slip] = deque()
        self._turn = Lock()
        self._gathering = Lock()
        self._cursor: psycopg.Cursor | None = None

    def open(self) -> None:
        """Have the connection ready, before others take what the database allows. Raises the driver's errors."""
        with self._turn:
            self._connected()

    def keep(self, callback: Callback) -> None:
        """Return when the callback is committed, now or when it came before. Raises `NotKept`."""
        if not self._kept(_Slip(callback, awaited=True)):
            raise NotKept

    def note(self, callback: Callback) -> None:
        """Store a callback soon, together with others.

        For a ringing call, whose answer has left and did not wait. If the process dies before the commit, later
        callbacks about the call still report it.
        """
        if self._gathering.acquire(blocking=False):
            try:
                time.sleep(_GATHERED_SECONDS)
                self._kept(_Slip(callback, awaited=True))
            finally:
                self._gathering.release()
        else:
            self._notes.append(_Slip(callback, awaited=False))
        self._write_unless_another_does()

    def _kept(self, slip: "_Slip") -> bool:
        """Whether a slip was written, by this thread or by another."""
        self._waiting.append(slip)
        self._write_unless_another_does()
        if slip.slept() and slip.batch:
            self._write_from(slip.batch + self._next_batch(beside=len(slip.batch)))
            self._write_unless_another_does()
        return slip.kept

    def _write_unless_another_does(self) -> None:
        """Write unless another thread does; look again afterwards for slips queued while the turn was taken."""
        while self._due() and self._turn.acquire(blocking=False):
            self._write_from(self._next_batch())

    def _write_from(self, batch: "list[_Slip]") -> None:
        """Write a batch, then give the turn to a request that waits, or release it."""
        given = False
        try:
            while batch and not given:
                self._write_batch(batch)
                batch = self._next_batch()
                given = any(slip.given(batch) for slip in batch)
        finally:
            if not given:
                self._turn.release()

    def _due(self) -> bool:
        """Whether anything is to be written now. Notes are not while a thread gathers them, which writes them then.

        Otherwise the thread that writes would go on for as long as calls come in.
        """
        return bool(self._waiting) or (bool(self._notes) and not self._gathering.locked())

    def _next_batch(self, beside: int = 0) -> "list[_Slip]":
        """What is written next: what requests wait for, and as many notes as fit beside it."""
        queues = (self._waiting, self._notes) if self._due() else ()
        batch: list[_Slip] = []
        for queue in queues:
            batch += [queue.popleft() for _ in islice(range(_BATCH - beside - len(batch)), len(queue))]
        return batch

    def _write_batch(self, batch: "list[_Slip]") -> None:
        kept = False
        try:
            kept = self._write([slip.callback for slip in batch])
        finally:
            for slip in batch:
                slip.wake(kept=kept)

    def _write(self, callbacks: list[Callback]) -> bool:
        """Write, once more on a new connection if the old one fails, as the database may have restarted."""
        statement = _keeping(len(callbacks))
        values = [value for callback in callbacks for value in callback.columns()]
        for _ in range(2):
            try:
                self._connected().execute(statement, values)
            except psycopg.Error as error:
                log.warning("callbacks not kept", extra={"count": len(callbacks), "trouble": type(error).__name__})
                self._disconnect()
            else:
                return True
        return False

    def _connected(self) -> psycopg.Cursor:
        """The cursor, which is reused: making one costs as much as using it."""
        if self._cursor is None:
            connection = connect(self._address)
            # closed when the process or the application ends, so that the database need not find out
            finalize(self, connection.close)
            self._cursor = connection.cursor()
        return self._cursor

    def _disconnect(self) -> None:
        if self._cursor:
            self._cursor.connection.close()
        self._cursor = None


@cache
def _keeping(rows: int) -> LiteralString:
    """The statement for this many rows. One statement with arrays would take the driver three times as long."""
    return _KEEP.format(rows=", ".join([_ROW] * rows))


class _Slip:
    """A callback waiting to be written. `kept` tells whether it was; `batch` is what its request has to write itself.

    `_asleep` is held until there is something to do. `_claim` is taken either by the thread that gives the turn or by
    the request that has waited too long, so that no turn is given to a request that has left.
    """

    __slots__ = ("_asleep", "_claim", "batch", "callback", "kept")

    def __init__(self, callback: Callback, *, awaited: bool) -> None:
        self.callback = callback
        self.kept = False
        self.batch: list[_Slip] = []
        self._asleep, self._claim = Lock(), Lock()
        self._asleep.acquire()
        if not awaited:
            self._claim.acquire()

    def slept(self) -> bool:
        """Sleep until written or given the turn; False after eight seconds of neither."""
        if self._asleep.acquire(timeout=_PATIENCE_SECONDS):
            return True
        if self._claim.acquire(blocking=False):
            return False
        return self._asleep.acquire()

    def given(self, batch: "list[_Slip]") -> bool:
        """Wake its request to write this batch, which includes its own callback; False if no request waits."""
        if not self._claim.acquire(blocking=False):
            return False
        self.batch = batch
        self._asleep.release()
        return True

    def wake(self, *, kept: bool) -> None:
        """Tell its request whether the callback was stored. A request that writes the batch itself is awake already."""
        self.kept = kept
        if not self.batch:
            self._asleep.release()
