"""Moments that many tests begin at: lived through once by every worker of a run, and copied from then on.

A port takes weeks of the story and a second of ours to arrive. Whoever wants to begin there says so by `come_to`; what
comes before is done for real by the first test that wants it, and every later one gets a copy of where that ended: the
rows of the database, the carrier's books, the clock, the e-mails and the media.
"""

import pickle
from collections.abc import Callable, Hashable
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine, event

from sandbox.clock import RehearsalClock
from sandbox.world import World
from tests import rows

# what is owed later comes due by real time, which a copy cannot bring back
QUIET = """
    SELECT NOT EXISTS (SELECT FROM procrastinate_jobs WHERE status IN ('todo', 'doing'))
       AND NOT EXISTS (SELECT FROM ledger_entries WHERE progress IN ('ready', 'trying'))
       AND NOT EXISTS (SELECT FROM received WHERE read_at IS NULL)
"""


class Commits:
    """How many transactions an engine has committed."""

    def __init__(self, engine: Engine) -> None:
        self.count = 0
        event.listen(engine, "commit", self._one_more)

    def _one_more(self, _) -> None:
        self.count += 1


@dataclass(frozen=True)
class Moment:
    """Where something ended; `value` is what whoever lived through it was told."""

    value: bytes
    rows: dict[str, bytes]
    counters: dict[str, int]
    carrier: bytes
    shown: datetime
    mails: tuple
    media: dict[Path, bytes]


@dataclass(frozen=True)
class Surroundings:
    """Everything that a test can change and a moment keeps."""

    engine: Engine
    commits: Commits
    world: World
    clock: RehearsalClock
    mails: list
    media: Path

    def mark(self):
        """Another one tells that something has happened meanwhile."""
        with closing(self.engine.raw_connection()) as connection:
            given = rows.numbers_given(connection.driver_connection)
        return self.commits.count, given, *self._outside()

    def unmarked(self):
        """The mark of a test that has just begun."""
        return self.commits.count, 0, *self._outside()

    def quiet(self):
        """Nothing is under way that real time would bring about."""
        with closing(self.engine.raw_connection()) as connection:
            return connection.driver_connection.execute(QUIET).fetchone()[0]

    def keep(self, value):
        """This moment."""
        with closing(self.engine.raw_connection()) as connection:
            kept, counters = rows.written_out(connection.driver_connection), rows.counters(connection.driver_connection)
        return Moment(
            value=pickle.dumps(value),
            rows=kept,
            counters=counters,
            carrier=pickle.dumps(self.world.state),
            shown=self.clock.now(),
            mails=tuple(self.mails),
            media={path: path.read_bytes() for path in self.media.rglob("*") if path.is_file()},
        )

    def go_to(self, moment):
        """Make everything as it was then; the value it had."""
        with closing(self.engine.raw_connection()) as connection:
            rows.empty(connection.driver_connection)
            rows.put_back(connection.driver_connection, moment.rows)
            rows.set_counters(connection.driver_connection, moment.counters)
            connection.commit()
        self.world.exchange.adopt(pickle.loads(moment.carrier))  # noqa: S301 -- written by `keep`
        self.clock.jump_to(moment.shown)
        self.mails[:] = moment.mails
        for path, content in moment.media.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        return pickle.loads(moment.value)  # noqa: S301 -- written by `keep`

    def _outside(self):
        faults = self.world.faults
        trouble = len(faults.active), faults.api_spelling, faults.webhook_spelling
        return pickle.dumps(self.world.state), self.clock.now(), len(self.mails), *trouble


class Story:
    """What one test has been through, for as long as it is only what others may go through as well.

    As soon as anything else has happened, every further step is done for real.
    """

    def __init__(self, kept: dict, surroundings: Surroundings, beginning: Hashable | None) -> None:
        """It begins in an empty house with these settings; with None every step is done for real."""
        self._kept, self._around = kept, surroundings
        self._path, self._mark = beginning and (beginning,), surroundings.unmarked()

    def come_to(self, live: Callable, *given: Hashable):
        """What `live()` returns, with everything as it is after it: done for real, or copied from where it was.

        What `live` depends on, besides the steps before, has to be `given`.
        """
        path = self._next(live, given)
        if path in self._kept:
            value = self._around.go_to(self._kept[path])
        else:
            value = live()
            if path and self._around.quiet():
                self._kept[path] = self._around.keep(value)
        self._go_on(path)
        return value

    def tell(self, live: Callable, *given: Hashable):
        """What `live()` returns: a step that is done for real every time, since that is quicker than copying."""
        path = self._next(live, given)
        value = live()
        self._go_on(path)
        return value

    def _next(self, live, given):
        """The path so far and this; None off the path, where a step within a step is too."""
        path, self._path = self._path, None
        step = live.__module__, live.__qualname__, given
        return (*path, step) if path and self._around.mark() == self._mark else None

    def _go_on(self, path):
        if path:
            self._path, self._mark = path, self._around.mark()
