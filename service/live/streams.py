"""Open streams: what waits for each to be sent, and which of them a change concerns."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Final

from service.live.changes import Change
from service.live.listeners import Listener

AGAIN: Final = "again"
"""The hint that a page is to ask for everything it shows: something was missed."""

MOST_WAITING: Final = 20
"""Hints that wait for one page; instead of more it gets `AGAIN`."""

MOST_OF_A_PERSON: Final = 20
MOST_OF_A_NETWORK: Final = 500
MOST: Final = 5_000
"""Streams at once: in a person's browsers, from one network, and of this process."""


class TooMany(Exception):
    """A person or a network has as many streams open as it may, or everybody together."""


class Stream:
    """An open page of a person, and the hints that wait for it; each waits once, however often it was said."""

    def __init__(self, listener: Listener, network: str) -> None:
        self.listener, self.network = listener, network
        self.ended = False
        self._waiting: dict[str, None] = {}
        self._news = asyncio.Event()

    def say(self, hint: str) -> None:
        """Have a hint sent."""
        if len(self._waiting) >= MOST_WAITING or AGAIN in self._waiting:
            hint = AGAIN
            self._waiting.clear()
        self._waiting[hint] = None
        self._news.set()

    def end(self) -> None:
        """Have the stream end after what waits."""
        self.ended = True
        self._news.set()

    async def hints(self, patience: float) -> list[str]:
        """What waits, or what comes within `patience` seconds; empty if nothing does, or if the stream is to end."""
        try:
            async with asyncio.timeout(patience):
                await self._news.wait()
        except TimeoutError:
            return []
        self._news.clear()
        waiting = list(self._waiting)
        self._waiting.clear()
        return waiting


class Streams:
    """All open streams."""

    def __init__(self) -> None:
        self._all: set[Stream] = set()
        self._of_person: defaultdict[int, set[Stream]] = defaultdict(set)
        self._of_workspace: defaultdict[int, set[Stream]] = defaultdict(set)
        self._of_network: Counter[str] = Counter()

    def __len__(self) -> int:
        return len(self._all)

    def must_have_room(self, network: str) -> None:
        """Raises `TooMany` if a network, or everybody together, has as many as they may."""
        if len(self._all) >= MOST or self._of_network[network] >= MOST_OF_A_NETWORK:
            raise TooMany

    def add(self, stream: Stream) -> None:
        """Add a stream. Raises `TooMany`."""
        self.must_have_room(stream.network)
        if len(self._of_person[stream.listener.user_id]) >= MOST_OF_A_PERSON:
            raise TooMany
        self._all.add(stream)
        self._of_network[stream.network] += 1
        for index, key in self._places(stream):
            index[key].add(stream)

    def remove(self, stream: Stream) -> None:
        """Remove a stream, and what is empty without it."""
        self._all.discard(stream)
        self._of_network[stream.network] -= 1
        if not self._of_network[stream.network]:
            del self._of_network[stream.network]
        for index, key in self._places(stream):
            index[key].discard(stream)
            if not index[key]:
                del index[key]

    def spread(self, change: Change) -> None:
        """Say a change to the pages that it concerns; end the streams of which the person may see something else."""
        index, key = (self._of_person, change.user_id) if change.user_id else (self._of_workspace, change.workspace_id)
        for stream in index.get(key, ()):
            if stream.listener.may_have_ended(change):
                stream.end()
            elif stream.listener.sees(change):
                stream.say(change.hint)

    def end_all(self) -> None:
        """End all streams: their pages come back and ask for everything."""
        for stream in self._all:
            stream.end()

    def _places(self, stream: Stream) -> Iterator[tuple[defaultdict[int, set[Stream]], int]]:
        yield self._of_person, stream.listener.user_id
        yield from ((self._of_workspace, workspace_id) for workspace_id in stream.listener.lines)
