"""The database of a deployment on this machine: the one that `DATABASE_URL` names, or a server of our own."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import psycopg

from laptop import postgres, sockets, watchdog
from laptop.errors import CannotStart

_TABLES: Final = """
    SELECT tablename FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')
"""


@contextmanager
def running(folder: Path) -> Iterator[str]:
    """Run a database while the block runs, with its data in the folder; its URL.

    Raises `CannotStart`, also when another process runs the database in this folder.
    """
    if url := os.environ.get("DATABASE_URL"):
        yield url
        return
    with serving(folder) as server:
        yield server.url


@contextmanager
def serving(folder: Path) -> Iterator[postgres.Server]:
    """Run a server that is stopped when the block ends, and when this process is killed."""
    _forget_other_servers()
    folder.parent.mkdir(parents=True, exist_ok=True)
    with (
        watchdog.guarding(folder.with_suffix(".lock")),
        sockets.socket_folder(folder.resolve(), postgres.PORT) as socket_folder,
    ):
        server = postgres.Server(folder, socket_folder)
        server.start()
        try:
            yield server
        finally:
            server.stop()


def must_be_ours(url: str) -> None:
    """Raises `CannotStart` for a database that does not answer or has the tables of something else."""
    tables = _tables(url)
    if tables and "alembic_version" not in tables:
        raise CannotStart(
            "DATABASE_URL names a database with tables that are not Portline's: "
            "unset it to have a database here, or set it to an empty one."
        )


def must_be_empty(url: str) -> None:
    """Raises `CannotStart` for a database that does not answer or has tables."""
    if _tables(url):
        raise CannotStart(
            "The demo begins with nothing, and DATABASE_URL names a database with tables: "
            "unset it to have a database here, or set it to an empty one."
        )


def _tables(url: str) -> set[str]:
    """The names of the tables in a database, but for PostgreSQL's own."""
    try:
        with psycopg.connect(url.replace("postgresql+psycopg:", "postgresql:", 1), connect_timeout=10) as connection:
            return {name for (name,) in connection.execute(_TABLES)}
    except psycopg.OperationalError as error:
        reason = str(error).strip().splitlines()[0]
    except (psycopg.Error, ValueError):
        reason = "its address is no postgresql:// URL"  # the driver's message may hold the password
    raise CannotStart(f"The database that DATABASE_URL names cannot be used: {reason}.")


def _forget_other_servers() -> None:
    """Remove settings for another PostgreSQL from the environment: every client would follow them."""
    for name in [name for name in os.environ if name.startswith("PG")]:
        del os.environ[name]
