"""How much a workspace may have us open: uploads are opened one after another, and for so long in an hour."""

from collections.abc import Iterator
from contextlib import contextmanager
from math import ceil
from threading import Lock
from typing import Final

from service.bounded import metered
from service.errors import Invalid
from service.web.shell.context import member, services
from service.web.shell.security import limiter

HOURLY: Final = 600
"""Seconds of a processor in an hour: two thousand ordinary pictures, or sixty files that take all they may."""

PATIENCE: Final = 15
"""Seconds that an upload waits for the one before it."""

USED_UP: Final = "You’ve sent many large files in the last hour. Try again in an hour."
AT_ONCE: Final = "We’re still opening your other files. Try again in a moment."

_HOUR: Final = 3600
_locks: Final = tuple(Lock() for _ in range(64))
"""Of which each workspace has one, and shares it with few."""


@contextmanager
def opening(field: str, workspace_id: int | None = None) -> Iterator[None]:
    """Let the block open uploads of a workspace, by default the signed-in person's, and count what that takes.

    Not inside a transaction, since it is slow.

    Raises:
        Invalid: on the field, if others of this workspace are being opened or its hour is used up.
    """
    owner = workspace_id or _own()
    key = f"opened/{owner}"
    if limiter.storage.get(key) >= HOURLY:
        raise Invalid({field: [USED_UP]})
    lock = _locks[owner % len(_locks)]
    if not lock.acquire(timeout=PATIENCE):
        raise Invalid({field: [AT_ONCE]})
    try:
        with metered() as meter:
            yield
    finally:
        lock.release()
        limiter.storage.incr(key, _HOUR, ceil(meter.seconds))


def _own() -> int:
    with services().sessions.begin() as session:
        return member(session).workspace_id
