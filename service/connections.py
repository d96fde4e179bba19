"""How each kind of process connects to the database: with limits on statements and on idle transactions.

A process that is stopped inside a transaction keeps its rows locked. The database ends the transaction after the limit,
and the process finds its connection closed when it goes on. PgBouncer does not pass these settings
on; set them on the role instead (docs/operating.md).
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Final

import psycopg
from psycopg.pq import ExecStatus, TransactionStatus


class Process(StrEnum):
    """The kind of process that connects. QUEUE are the connections on which a worker fetches jobs."""

    WEB = "web"
    WORKER = "worker"
    CLOCK = "clock"
    QUEUE = "queue"


# PostgreSQL's own settings: https://www.postgresql.org/docs/15/runtime-config-client.html
SETTINGS: Final[Mapping[Process, Mapping[str, str]]] = {
    Process.WEB: {"statement_timeout": "15s", "idle_in_transaction_session_timeout": "15s"},
    Process.WORKER: {"statement_timeout": "60s", "idle_in_transaction_session_timeout": "30s"},
    Process.CLOCK: {"statement_timeout": "60s", "idle_in_transaction_session_timeout": "30s"},
    Process.QUEUE: {"statement_timeout": "20s", "idle_in_transaction_session_timeout": "20s"},
}

# how soon a peer that vanished is noticed, in seconds; the last one in milliseconds
_KEEPALIVES: Final = {
    "keepalives": 1,
    "keepalives_idle": 15,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,
}


def arguments(process: Process | None) -> dict[str, Any]:
    """The driver's arguments for a connection of a process; None for commands, which have no limits."""
    if process is None:
        return dict(_KEEPALIVES)
    options = " ".join(f"-c {name}={value}" for name, value in SETTINGS[process].items())
    return _KEEPALIVES | {"options": options}


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
