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
"""The server keeps the connections of killed processes until it notices."""


@contextmanager
def running() -> Iterator[Server]:
    """Run a server in a temporary folder while the block runs. Its `url` stays the same over crashes."""
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
    """Wait until the database answers; the seconds that took. Raises `TimeoutError`."""
    began = time.monotonic()
    while time.monotonic() < began + patience:
        try:
            psycopg.connect(url, connect_timeout=2).close()
        except psycopg.OperationalError:
            time.sleep(0.05)
        else:
            return time.monotonic() - began
    raise TimeoutError("the database did not come back")
