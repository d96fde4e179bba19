"""Reading stored callbacks: those of one conversation, order or call in the order they came, others in parallel.

None is lost. A callback that cannot be read now is tried again after ever longer waits and holds up no other; after
eight tries the operators are alerted, and when the fault is corrected, `flask --app wsgi read-again` has it read again.
Any number of readers may run, on many machines too: an advisory lock for each sequence keeps its order.
"""

import logging
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Event as Stop
from typing import Final

import psycopg
from psycopg import errors
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnection

from service.connections import Process, arguments
from service.services import Services
from webhooks.dispatch import read_received
from webhooks.intake import CHANNEL
from webhooks.unread import Unread, by_sequence, due, put_away, put_off, still_unread

log = logging.getLogger(__name__)

THREADS: Final = 4
"""So many sequences are read at once."""

_TOGETHER: Final = 50
"""At most so many callbacks of one sequence are read in one transaction."""

_NET_SECONDS: Final = 1.0
_BUSY_SECONDS: Final = 0.02

_HELD_UP = (errors.LockNotAvailable, errors.DeadlockDetected, errors.QueryCanceled)


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
        url = self._services.settings.database_url
        with (
            psycopg.connect(url, autocommit=True, **arguments(Process.WORKER)) as connection,
            ThreadPoolExecutor(THREADS, "reader") as pool,
        ):
            connection.execute(f"LISTEN {CHANNEL}")
            reading = _Reading(self._services, pool)
            try:
                while not stop.is_set():
                    patience = _BUSY_SECONDS if reading.begin_more() else _NET_SECONDS
                    for _ in connection.notifies(timeout=patience, stop_after=1):
                        pass
            finally:
                pool.shutdown(cancel_futures=True)


class _Reading:
    """What the threads of one reader are at: each has a sequence, and none is read by two."""

    def __init__(self, services: Services, pool: ThreadPoolExecutor) -> None:
        self._services, self._pool = services, pool
        self._running: dict[str, Future[int]] = {}

    def begin_more(self) -> bool:
        """Give the threads what is due, once they have little left to do. Whether any is at work.

        Raises what has ended one of them.
        """
        for sequence in [sequence for sequence, future in self._running.items() if future.done()]:
            self._running.pop(sequence).result()
        if len(self._running) < THREADS:
            self._give_out()
        return bool(self._running)

    def _give_out(self) -> None:
        with self._services.sessions() as session:
            sequences = by_sequence(self._services, due(session))
        for sequence, callbacks in sequences.items():
            if sequence not in self._running:
                some = callbacks[:_TOGETHER]
                self._running[sequence] = self._pool.submit(read_sequence, self._services, sequence, some)


def read_all(services: Services) -> int:
    """Read every callback that is due, one sequence after the other. Returns how many, failed ones included."""
    count = 0
    while found := _read_due(services):
        count += found
    return count


def _read_due(services: Services) -> int:
    with services.sessions() as session:
        sequences = by_sequence(services, due(session))
    return sum(read_sequence(services, sequence, callbacks) for sequence, callbacks in sequences.items())


def read_sequence(services: Services, sequence: str, callbacks: Sequence[Unread]) -> int:
    """Read callbacks of one sequence, all in one transaction where that goes well; how many were still unread.

    Where it does not, each is read by itself, and put off if the fault is its own. Only the kind of error is noted: its
    message may quote a customer. Raises the errors of a database that is away, which are no callback's fault.
    """
    try:
        return _read_together(services, sequence, callbacks)
    except Exception as error:
        if _is_away(error):
            raise
        trouble = _trouble(error)
        if len(callbacks) > 1 and not _is_held_up(error):
            return sum(read_sequence(services, sequence, [one]) for one in callbacks)
    with services.sessions.begin() as session:
        put_off(session, callbacks, trouble)
    return len(callbacks)


def _read_together(services: Services, sequence: str, callbacks: Sequence[Unread]) -> int:
    read, early = list[Unread](), list[Unread]()
    with services.sessions.begin() as session:
        for callback in still_unread(session, sequence, callbacks):
            (read if read_received(session, services, callback) else early).append(callback)
        put_away(session, read)
        put_off(session, early, "too early")
    return len(read) + len(early)


def _is_held_up(error: Exception) -> bool:
    """Another transaction holds a lock on a row that is needed."""
    return isinstance(error, DBAPIError) and isinstance(error.orig, _HELD_UP)


def _is_away(error: Exception) -> bool:
    return isinstance(error, OperationalError | NoConnection) and not _is_held_up(error)


def _trouble(error: Exception) -> str:
    if _is_held_up(error):
        return "a row it needs is held"
    return type(error.orig if isinstance(error, DBAPIError) and error.orig else error).__name__
