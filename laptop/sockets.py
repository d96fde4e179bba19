"""Unix sockets: their paths are short on every system."""

import os
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from laptop.errors import CannotStart

LONGEST: Final = 103
"""Bytes of a socket's path on macOS; Linux allows 107."""


@contextmanager
def socket_folder(preferred: Path, port: int) -> Iterator[Path]:
    """A folder for PostgreSQL's socket: the preferred one, or where its path cannot be used one that goes with it.

    Raises `CannotStart` where there is none.
    """
    if _fits(preferred, port):
        yield preferred
        return
    with tempfile.TemporaryDirectory(prefix="portline-", dir=_short_folder(preferred, port)) as name:
        yield Path(name)


def socket_name(port: int) -> str:
    """The name that PostgreSQL gives its socket."""
    return f".s.PGSQL.{port}"


def is_listening(path: Path) -> bool:
    """Whether a server accepts connections at this socket."""
    with socket.socket(socket.AF_UNIX) as client:
        try:
            client.connect(os.fspath(path))
        except OSError:
            return False
    return True


def _short_folder(preferred: Path, port: int) -> str:
    for parent in (tempfile.gettempdir(), "/tmp", "/var/tmp"):  # noqa: S108 -- it gets a folder with a random name
        if _fits(Path(parent) / "portline-12345678", port) and os.access(parent, os.W_OK):
            return parent
    raise CannotStart(f"The path {preferred} is too long for a socket, or has a comma: move the folder to another.")


def _fits(folder: Path, port: int) -> bool:
    """Whether the path is short enough; clients take a comma in it for the end of a host's name."""
    return "," not in str(folder) and len(os.fsencode(folder / socket_name(port))) <= LONGEST
