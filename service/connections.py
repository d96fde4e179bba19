"""How each kind of process connects to the database: no statement lasts for ever, and no transaction stays idle in it.

A process that is stopped inside a transaction holds its rows; the database ends that transaction, and the process finds
its connection closed when it goes on. Behind PgBouncer in transaction mode these are set by role (docs/operating.md).
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Final


class Process(StrEnum):
    """Whose connection it is. QUEUE: the connections on which a worker fetches jobs."""

    WEB = "web"
    WORKER = "worker"
    CLOCK = "clock"
    QUEUE = "queue"


# PostgreSQL's own settings: https://www.postgresql.org/docs/15/runtime-config-client.html
SETTINGS: Final[Mapping[Process, Mapping[str, str]]] = {
    Process.WEB: {"statement_timeout": "15s", "idle_in_transaction_session_timeout": "15s"},
    Process.WORKER: {"statement_timeout": "60s", "idle_in_transaction_session_timeout": "30s"},
    Process.CLOCK: {"statement_timeout": "60s", "idle_in_transaction_session_timeout": "30s"},
    # a plan made while the queue was empty reads all of a full one for each job
    Process.QUEUE: {
        "statement_timeout": "20s",
        "idle_in_transaction_session_timeout": "20s",
        "plan_cache_mode": "force_custom_plan",
    },
}

# seconds until a peer that vanished without a word counts as gone; the last is in milliseconds
_KEEPALIVES: Final = {
    "keepalives": 1,
    "keepalives_idle": 15,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,
}


def arguments(process: Process | None) -> dict[str, Any]:
    """The driver's arguments for a connection of a process; None is for commands, which may take their time."""
    if process is None:
        return dict(_KEEPALIVES)
    options = " ".join(f"-c {name}={value}" for name, value in SETTINGS[process].items())
    return _KEEPALIVES | {"options": options}
