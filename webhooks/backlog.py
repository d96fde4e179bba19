"""The callbacks that a reader knows to be unread, by sequence, and whose turn it is.

However many of one sequence wait, those of others are found behind them and have their turns between them.
"""

from collections import deque
from collections.abc import Collection
from itertools import islice
from math import ceil
from typing import Final

from service.db import Reads
from service.services import Services
from webhooks.unread import Batch, Unread, due, sequence_of

_TOGETHER: Final = 50
"""So many callbacks are read in one transaction, at most."""

_MOST_KNOWN: Final = 20_000


class Backlog:
    """A callback in it waits, or was taken and not given back yet. No look finds it again meanwhile."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._waiting: dict[str, deque[Unread]] = {}
        self._taken: dict[str, list[Unread]] = {}

    def look(self, reads: Reads) -> None:
        """Add the oldest 200 of what is due and not known, each to the end of its sequence."""
        known = self._known()
        if len(known) < _MOST_KNOWN:
            for callback in due(reads, besides=known):
                self._waiting.setdefault(sequence_of(self._services, callback), deque()).append(callback)

    def free(self) -> int:
        """How many sequences wait of which no callback is being read."""
        return len(self._waiting.keys() - self._taken.keys())

    def take(self, threads: int) -> Batch:
        """The batch for one of so many idle threads; empty if no sequence waits.

        It is that thread's share of the sequences, those first that have waited longest for their turn. A callback
        that could not be read before is a batch by itself, so that it holds up no other.
        """
        batch: Batch = {}
        share, room = ceil(self.free() / threads), _TOGETHER
        for sequence in [one for one in self._waiting if one not in self._taken]:
            failed = self._waiting[sequence][0].tries > 0
            if len(batch) == share or room == 0 or (failed and batch):
                break
            batch[sequence] = self._pop(sequence, 1 if failed else room)
            room = 0 if failed else room - len(batch[sequence])
        self._taken |= batch
        return batch

    def give_back(self, batch: Batch, left: Collection[Unread]) -> None:
        """A batch was read but for what is left of it, which goes before all else of its sequences."""
        for sequence in batch:
            first = [callback for callback in self._taken.pop(sequence) if callback in left]
            rest = self._waiting.get(sequence, ())
            if first or rest:
                self._waiting[sequence] = deque([*first, *rest])

    def _pop(self, sequence: str, most: int) -> list[Unread]:
        """Its first callbacks; the rest, if any, waits behind all other sequences."""
        waiting = self._waiting.pop(sequence)
        first = [waiting.popleft() for _ in islice(range(most), len(waiting))]
        if waiting:
            self._waiting[sequence] = waiting
        return first

    def _known(self) -> list[int]:
        everywhere = (*self._waiting.values(), *self._taken.values())
        return [callback.id for callbacks in everywhere for callback in callbacks]
