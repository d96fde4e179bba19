"""Turns: how many notices to one workspace's channels, and to one host, a worker hands over at once.

A slow service holds a thread of the lane until its time is up. So it holds few, and the others' notices pass it.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from threading import Lock
from typing import Final, NamedTuple


class Turn(NamedTuple):
    """What a turn is counted by. `host` is the host that a member's URL names, or the service if it has one for all."""

    workspace_id: int
    host: str


MOST: Final[Mapping[str, int]] = {"workspace_id": 1, "host": 2}
"""The most turns at once, of the four threads of the lane."""


class Turns:
    """The turns that are taken in this process."""

    def __init__(self) -> None:
        self._taken: Counter[tuple[str, object]] = Counter()
        self._lock = Lock()

    @contextmanager
    def take(self, turn: Turn) -> Iterator[bool]:
        """Take a turn while the block runs. False if it is not free, and nothing is taken."""
        keys = list(turn._asdict().items())
        with self._lock:
            free = all(self._taken[key] < MOST[key[0]] for key in keys)
            self._taken.update(keys if free else ())
        try:
            yield free
        finally:
            with self._lock:
                self._taken.subtract(keys if free else ())


TURNS: Final = Turns()
"""Those of this worker."""
