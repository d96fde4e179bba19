"""A PostgreSQL of the harness's own, with its disk writes on, that can be crashed and comes back."""

import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import psycopg

from laptop.database import serving
from laptop.postgres import Server

CONNECTIONS: Final = 400
"""Killed processes leave their connections behind until the server notices."""


@contextmanager
def running() -> Iterator[Server]:
    """A server in a folder of its own; both are gone when the block ends. Its `url` stays the same over crashes."""
    with (
        tempfile.TemporaryDirectory(prefix="portline-reliability-") as folder,
        serving(Path(folder) / "database") as server,
    ):
        with psycopg.connect(server.url, autocommit=True) as connection:
            connection.execute(f"ALTER SYSTEM SET max_connections = {CONNECTIONS}")
        server.stop()
        server.start()
        yield server


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
