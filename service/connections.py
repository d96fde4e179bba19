"""How each kind of process connects to the database: under its name, with limits on statements and idle transactions.

A process that is stopped inside a transaction keeps its rows locked. The database ends the transaction after the limit,
and the process finds its connection closed when it goes on. PgBouncer does not pass these settings
on; set them on the role instead (docs/operating.md).
"""

import os
import socket
from collections.abc import Mapping, Sequence
from enum import StrEnum
from functools import cached_property
from typing import Any, Final

import psycopg
from psycopg.adapt import PyFormat, Transformer
from psycopg.errors import error_from_result
from psycopg.pq import ConnStatus, ExecStatus, TransactionStatus
from psycopg.pq.abc import PGresult


class Process(StrEnum):
    """The kind of process that connects, and what for where a process has several kinds of connections.

    A web process keeps callbacks and answers ringing calls on those of INTAKE, and says on one of PROBE that it is
    well. A worker fetches its jobs on those of QUEUE.
    """

    WEB = "web"
    INTAKE = "intake"
    PROBE = "probe"
    WORKER = "worker"
    QUEUE = "queue"
    CLOCK = "clock"
    LIVE = "live"


POOLS: Final[Mapping[Process, int]] = {Process.QUEUE: 8, Process.CLOCK: 3, Process.LIVE: 4}
"""The most connections that are shared by the threads of a process; for pages and jobs a setting says it."""

CONNECT_SECONDS: Final = 3
"""How long one host may take to answer; each that DATABASE_URL names is tried, and the first may be dead."""


# PostgreSQL's own settings: https://www.postgresql.org/docs/15/runtime-config-client.html
SETTINGS: Final[Mapping[Process, Mapping[str, str]]] = {
    Process.WEB: {"statement_timeout": "15s", "idle_in_transaction_session_timeout": "15s"},
    # a carrier gives up after 15 seconds in all; it must hear of our trouble before that
    Process.INTAKE: {
        "statement_timeout": "4s",
        "idle_in_transaction_session_timeout": "4s",
        # planning what is asked for every call anew takes ten times as long as the answer
        "plan_cache_mode": "force_generic_plan",
    },
    Process.WORKER: {
        "statement_timeout": "60s",
        "lock_timeout": "5s",  # a job that needs a row of a stopped process is tried later, and holds up no thread
        "idle_in_transaction_session_timeout": "30s",
    },
    Process.CLOCK: {"statement_timeout": "60s", "idle_in_transaction_session_timeout": "30s"},
    Process.LIVE: {"statement_timeout": "5s", "idle_in_transaction_session_timeout": "5s"},
    Process.QUEUE: {"statement_timeout": "20s", "idle_in_transaction_session_timeout": "20s"},
}

# a standby that is not promoted yet takes connections, and locks of its own; what serves a request may read from it
_WRITING: Final = frozenset({Process.WORKER, Process.QUEUE, Process.CLOCK, Process.LIVE})

# how soon a peer that vanished is noticed, in seconds; the last one in milliseconds: before a standby is promoted
_KEEPALIVES: Final = {
    "keepalives": 1,
    "keepalives_idle": 4,
    "keepalives_interval": 2,
    "keepalives_count": 2,
    "tcp_user_timeout": 6_000,
}


def arguments(process: Process | None, *, pooled: bool = False) -> dict[str, Any]:
    """The driver's arguments for a connection of a process; None for commands, which have no limits.

    The probe sets its own, inside its transaction.

    A pooled connection leads to another of the database's with each transaction: it has no settings of its own, and no
    statement stays prepared on it.
    """
    ours = _KEEPALIVES | {"connect_timeout": CONNECT_SECONDS, "application_name": _name(process)}
    if process in _WRITING:
        ours["target_session_attrs"] = "read-write"
    if pooled:
        return ours | {"prepare_threshold": None}
    if process is None or process not in SETTINGS:
        return ours
    return ours | {"options": " ".join(f"-c {name}={value}" for name, value in SETTINGS[process].items())}


def this_process() -> str:
    """Which process this is, as in 4711@host-1."""
    return f"{os.getpid()}@{socket.gethostname()}"


def _name(process: Process | None) -> str:
    """Who connects, as the database shows it in `pg_stat_activity`, which cuts it after 63 bytes."""
    return f"portline {process or 'command'} {this_process()}"[:63]


def for_the_driver(url: str) -> str:
    """Drop the name of SQLAlchemy's driver, which the driver itself does not know."""
    return url.replace("postgresql+psycopg://", "postgresql://", 1)


class DirectConnection(psycopg.Connection[Any]):
    """A connection on which a read is one call of libpq, for a caller who waits. Opened in autocommit mode.

    The driver's cursor lets other threads run at each step of a statement, and then waits for its turn three times.
    """

    def read(self, sql: str, values: Sequence[object]) -> Sequence[tuple[Any, ...]]:
        """All rows of a statement, which stays prepared. Its parameters are numbered: $1, $2 and so on.

        Raises `OperationalError` if the connection broke, otherwise the error that the database tells.
        """
        adapter, name = Transformer(self), self._name_of(sql)
        written = adapter.dump_sequence(values, [PyFormat.TEXT] * len(values))
        result = self.pgconn.exec_prepared(name, written)  # type: ignore[arg-type]  # its type knows no NULL
        self._insist(result, ExecStatus.TUPLES_OK)
        adapter.set_pgresult(result)
        return adapter.load_rows(0, result.ntuples, tuple)

    def _name_of(self, sql: str) -> bytes:
        """The name under which the connection knows a statement."""
        if sql not in self._statements:
            name = str(len(self._statements)).encode()
            self._insist(self.pgconn.prepare(name, sql.encode()), ExecStatus.COMMAND_OK)
            self._statements[sql] = name
        return self._statements[sql]

    @cached_property
    def _statements(self) -> dict[str, bytes]:
        return {}

    def _insist(self, result: PGresult, wanted: ExecStatus) -> None:
        if result.status != wanted:
            error = error_from_result(result)
            raise error if self.pgconn.status == ConnStatus.OK else psycopg.OperationalError(str(error))


class KeepingConnection(psycopg.Connection[Any]):
    """A connection that keeps its prepared statements after a rollback, with which everything that only reads ends.

    The driver forgets them all, because a rollback may undo a CREATE; what creates tables here connects for itself.
    """

    def rollback(self) -> None:
        """Roll back what the open transaction did, if one is open. Raises the driver's errors."""
        with self.lock:
            is_open = self.pgconn.transaction_status in {TransactionStatus.INTRANS, TransactionStatus.INERROR}
            done = is_open and self.pgconn.exec_(b"ROLLBACK").status == ExecStatus.COMMAND_OK
        if not done:
            super().rollback()
