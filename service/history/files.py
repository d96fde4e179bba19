"""Which form a file with earlier conversations has. It is a stranger's: read in a process of its own (`bounded.py`)."""

from io import BytesIO
from threading import BoundedSemaphore
from typing import Any, Final
from zipfile import ZipFile

from service.bounded import Bounds
from service.history.entries import Contents, in_json
from service.history.tables import read_table
from service.history.takeout import read_takeout
from service.plain_text import decoded

LARGEST: Final = 50 * 1024 * 1024
"""Bytes of a file."""

BOUNDS: Final = Bounds(seconds=300, processor_seconds=150, memory=1024 * 1024 * 1024, slots=BoundedSemaphore(1))

_ZIP: Final = b"PK\x03\x04"


def read_file(content: bytes) -> dict[str, Any] | None:
    """What a file says, as `entries.contents` takes it; None if it is none that is understood. Raises `ValueError`."""
    found = _contents(content)
    return in_json(found) if found else None


def _contents(content: bytes) -> Contents | None:
    if not content.startswith(_ZIP):
        return read_table(decoded(content))
    with ZipFile(BytesIO(content)) as archive:
        tables = [name for name in archive.namelist() if name.endswith(".csv")]
        found = read_takeout(archive)
        for name in tables if not found.entries else ():
            if table := read_table(decoded(archive.read(name))):
                return table
    return found if found.entries or found.left_out else None
