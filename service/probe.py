"""Asking the database whether this process can work with it, with an answer within two seconds whatever hangs."""

from concurrent.futures import Future, ThreadPoolExecutor
from threading import Lock
from typing import Final

import psycopg
from psycopg.rows import TupleRow

from service import schema
from service.connections import Process, arguments
from service.time import FAR_OFF, apart, real_time

PATIENCE: Final = 1.5
"""Seconds to wait for the database."""

AWAY: Final = "the database is away"
SILENT: Final = "the database does not answer"
READ_ONLY: Final = "the database is read-only"


class Probe:
    """Asks over a connection of its own: those of the pages may all hang. A question that hangs is not asked twice."""

    def __init__(self, database_url: str) -> None:
        self._database_url = database_url
        self._asking = Lock()
        self._threads = ThreadPoolExecutor(1, "probe")
        self._asked: Future[str] | None = None

    def trouble(self) -> str:
        """What keeps this process from working, in a sentence; "" if nothing does."""
        with self._asking:
            if self._asked is None or self._asked.done():
                self._asked = self._threads.submit(self._ask)
            asked = self._asked
        try:
            return asked.result(PATIENCE)
        except TimeoutError:
            return SILENT

    def _ask(self) -> str:
        try:
            with psycopg.connect(self._database_url, **arguments(Process.PROBE) | {"connect_timeout": 2}) as connection:
                connection.execute("SET LOCAL statement_timeout = '1s'")
                return _trouble_with(connection)
        except psycopg.Error:
            return AWAY


def _trouble_with(connection: psycopg.Connection[TupleRow]) -> str:
    if connection.execute("SHOW transaction_read_only").fetchone() == ("on",):
        return READ_ONLY
    trouble = schema.trouble_with(connection) or _trouble_with_clock(connection)
    if not trouble:
        connection.execute("SELECT 1 FROM procrastinate_jobs LIMIT 1")
    return trouble


def _trouble_with_clock(connection: psycopg.Connection[TupleRow]) -> str:
    asked = real_time()
    [there] = connection.execute("SELECT clock_timestamp()").fetchone() or [asked]
    seconds = int(apart(there, asked, real_time()).total_seconds())
    if abs(seconds) > FAR_OFF.total_seconds():
        return f"this machine's clock is {seconds} seconds ahead of the database's"
    return ""
