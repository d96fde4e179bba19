"""Reading stored callbacks: those of one conversation, order or call in the order they came, others in parallel.

None is lost. A callback that cannot be read now is tried again after ever longer waits and holds up no other; after
eight tries the operators are alerted, and when the fault is corrected, `portline read-again` has it read again.
Any number of readers may run, on many machines too: an advisory lock for each sequence keeps its order.
"""

import logging
from collections import defaultdict
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Event as Stop
from time import monotonic
from typing import Final, NamedTuple

import psycopg
from psycopg import errors
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnection
from sqlalchemy.orm import Session

from service.connections import Process, arguments
from service.services import Services
from webhooks.backlog import Backlog
from webhooks.dispatch import read_received
from webhooks.intake import CHANNEL
from webhooks.unread import Batch, Unread, claim, put_away, put_off

log = logging.getLogger(__name__)

THREADS: Final = 4
"""So many batches are read at once."""

LONGEST_LOCK_WAIT: Final = "1s"
"""What is waited for a row that another process holds; then the callback is put off, and the others go on."""

SECOND_LOCK_WAIT: Final = "100ms"
"""The same when a batch is read once more: the others have waited long enough."""

_LONGEST_SECONDS: Final = 0.1
_NET_SECONDS: Final = 1.0
_BUSY_SECONDS: Final = 0.02

_HELD_UP = (errors.LockNotAvailable, errors.DeadlockDetected, errors.QueryCanceled)


class Read(NamedTuple):
    """How many callbacks of a batch were read or put off, and which are left as they were."""

    ended: int
    left: list[Unread]


class Reader:
    """Reads callbacks until the process ends: when the intake wakes it, and at least every second."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def run(self, stop: Stop) -> None:
        """Read until told to stop. After any error, such as a lost database, it waits a second and goes on."""
        while not stop.is_set():
            try:
                self._listen(stop)
            except (psycopg.OperationalError, OperationalError) as error:
                log.warning("reader lost the database", extra={"trouble": type(error).__name__})
                stop.wait(_NET_SECONDS)
            except Exception:
                log.exception("reader begins anew")
                stop.wait(_NET_SECONDS)

    def _listen(self, stop: Stop) -> None:
        url = self._services.settings.direct_url
        with (
            psycopg.connect(url, autocommit=True, **arguments(Process.WORKER)) as connection,
            ThreadPoolExecutor(THREADS, "reader") as pool,
        ):
            connection.execute(f"LISTEN {CHANNEL}")
            reading = _Reading(self._services, pool, connection.cursor())
            try:
                while not stop.is_set():
                    patience = _BUSY_SECONDS if reading.begin_more() else _NET_SECONDS
                    for _ in connection.notifies(timeout=patience, stop_after=1):
                        pass
            finally:
                pool.shutdown(cancel_futures=True)


class _Reading:
    """What the threads of one reader are at: each has a batch, and no sequence is read by two."""

    def __init__(self, services: Services, pool: ThreadPoolExecutor, cursor: psycopg.Cursor) -> None:
        self._services, self._pool, self._cursor = services, pool, cursor
        self._backlog = Backlog(services)
        self._running: dict[Future[Read], Batch] = {}

    def begin_more(self) -> bool:
        """Give idle threads what is due. Whether any is at work. Raises what has ended one of them."""
        for future in [future for future in self._running if future.done()]:
            self._backlog.give_back(self._running.pop(future), future.result().left)
        if self._backlog.free() < THREADS - len(self._running):
            self._backlog.look(self._cursor)
        while len(self._running) < THREADS and (batch := self._backlog.take(THREADS - len(self._running))):
            self._running[self._pool.submit(read_batch, self._services, batch)] = batch
        return bool(self._running)


def read_all(services: Services) -> int:
    """Read every callback that is due, one batch after the other. Returns how many, failed ones included."""
    count = 0
    while found := _read_due(services):
        count += found
    return count


def _read_due(services: Services) -> int:
    backlog = Backlog(services)
    with services.sessions() as session:
        backlog.look(session.connection())
    return sum(read_batch(services, batch).ended for batch in iter(lambda: backlog.take(1), {}))


def read_batch(services: Services, batch: Batch) -> Read:
    """Read callbacks in one transaction.

    If one of them cannot be read, all are read once more, each in a savepoint, and those whose own fault it is are put
    off. Raises the errors of a database that is away, which are no callback's fault.
    """
    if sum(map(len, batch.values())) > 1:
        try:
            return _read(services, batch, _read_one, LONGEST_LOCK_WAIT)
        except Exception as error:
            if _is_away(error):
                raise
    return _read(services, batch, _read_in_savepoint, SECOND_LOCK_WAIT)


def _read(
    services: Services, batch: Batch, read_one: Callable[[Session, Services, Unread], str], lock_wait: str
) -> Read:
    """`read_one` returns why a callback is to be put off, "" for one that was read.

    What is not reached in a tenth of a second is left for another time: others may wait for the rows of this one.
    """
    ended = defaultdict[str, list[Unread]](list)
    until = monotonic() + _LONGEST_SECONDS
    with services.sessions.begin() as session:
        ours, left = claim(session, batch, lock_wait)
        for callback in ours:
            if ended and monotonic() > until:
                left.append(callback)
            else:
                ended[read_one(session, services, callback)].append(callback)
        count = sum(map(len, ended.values()))
        put_away(session, ended.pop("", []))
        for trouble, callbacks in ended.items():
            put_off(session, callbacks, trouble)
    return Read(count, left)


def _read_one(session: Session, services: Services, callback: Unread) -> str:
    return "" if read_received(session, services, callback) else "too early"


def _read_in_savepoint(session: Session, services: Services, callback: Unread) -> str:
    """Only the kind of an error is returned: its message may quote a customer."""
    try:
        with session.begin_nested():
            return _read_one(session, services, callback)
    except Exception as error:
        if _is_away(error):
            raise
        return _trouble(error)


def _is_held_up(error: Exception) -> bool:
    """Another transaction holds a lock on a row that is needed."""
    return isinstance(error, DBAPIError) and isinstance(error.orig, _HELD_UP)


def _is_away(error: Exception) -> bool:
    return isinstance(error, OperationalError | NoConnection) and not _is_held_up(error)


def _trouble(error: Exception) -> str:
    if _is_held_up(error):
        return "a row it needs is held"
    return type(error.orig if isinstance(error, DBAPIError) and error.orig else error).__name__
