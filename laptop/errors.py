"""What keeps a deployment from starting on this machine."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class CannotStart(Exception):
    """One sentence for the person who started it: what is wrong, and what to do about it."""


@contextmanager
def using(folder: Path) -> Iterator[None]:
    """Raises `CannotStart` when the block cannot read or write its files."""
    try:
        yield
    except OSError as error:
        raise CannotStart(f"{error.filename or folder} cannot be used: {error.strerror}.") from None
