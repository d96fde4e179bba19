"""What the database notifies of, as triggers write it (migration “say what changed to open pages”)."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

CHANNEL: Final = "live"
"""PostgreSQL's channel of these notifications."""

ACCESS: Final = "access"
"""The topic of a change of what a person may see: they signed out, left a team, or were given a line."""

MOST_KEPT: Final = 5_000
"""Changes that are kept: some 500 kB."""


@dataclass(frozen=True, slots=True)
class Change:
    """A transaction changed the row `id` of a topic. It concerns one person, or those who see a line; 0 is none."""

    transaction: int
    topic: str
    id: int
    workspace_id: int
    line_id: int
    user_id: int

    @property
    def hint(self) -> str:
        """What a page is told: it has to ask for what it shows of this row."""
        return f"{self.topic} {self.id}"


def change_of(payload: str) -> Change:
    """The change that a notification holds. Raises `ValueError` for any other."""
    transaction, topic, *ids = payload.split(" ")
    row_id, workspace_id, line_id, user_id = map(int, ids)
    return Change(int(transaction), topic, row_id, workspace_id, line_id, user_id)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Which transactions a read has seen: those below `end` that were not `running`.

    Changes are told apart by it and not by a time or a number in a row, as transactions commit in another order than
    they begin. https://www.postgresql.org/docs/15/functions-info.html#FUNCTIONS-PG-SNAPSHOT
    """

    begin: int
    end: int
    running: frozenset[int]

    def shows(self, change: Change) -> bool:
        """Whether the read saw a change."""
        return change.transaction < self.end and change.transaction not in self.running


def snapshot_of(written: str) -> Snapshot:
    """The snapshot that PostgreSQL writes as `10:20:10,14`. Raises `ValueError` for anything else."""
    begin, end, running = written.split(":")
    return Snapshot(int(begin), int(end), frozenset(map(int, filter(None, running.split(",")))))


class Journal:
    """The latest changes, for a page that was read before it began to listen.

    It has all changes of the transactions from `since` on: those that had not begun when listening did.
    """

    def __init__(self, since: int) -> None:
        self._since = since
        self._kept: deque[Change] = deque()

    def keep(self, change: Change) -> None:
        """Keep a change, and drop the oldest if there are too many."""
        self._kept.append(change)
        if len(self._kept) > MOST_KEPT:
            self._since = max(self._since, self._kept.popleft().transaction + 1)

    def after(self, snapshot: Snapshot) -> Sequence[Change]:
        """The changes that a snapshot does not show."""
        return [change for change in self._kept if not snapshot.shows(change)]

    def after_page(self, since: str) -> Sequence[Change] | None:
        """All changes that a page does not show, by the snapshot in its address; None if they are not known."""
        try:
            read = snapshot_of(since)
        except ValueError:
            return None
        return self.after(read) if read.begin >= self._since else None
