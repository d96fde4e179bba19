"""Snapshots of states that many tests begin in: played once in a run, and restored by all of its workers.

Playing a port until the number arrives takes a second. A test that begins there says so with `come_to`: the first such
test plays the steps, and every later one gets a snapshot of their end: the rows of the database, the carrier's state,
the clock, the e-mails and the media.
"""

import pickle
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from tempfile import NamedTemporaryFile

from sqlalchemy import Engine, event

from sandbox.clock import RehearsalClock
from sandbox.world import World
from tests import rows

# later jobs come due in real time, which a snapshot cannot restore
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
class Snapshot:
    """The state after some steps; `value` is what the last one returned."""

    value: bytes
    rows: dict[str, bytes]
    counters: dict[str, int]
    carrier: bytes
    shown: datetime
    mails: tuple
    media: dict[Path, bytes]


class Snapshots:
    """The snapshots of a run by the steps before them: files in one folder, which all workers share."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def get(self, path: tuple) -> Snapshot | None:
        try:
            return pickle.loads(self._file(path).read_bytes())  # noqa: S301 -- written by `keep`
        except FileNotFoundError:
            return None

    def keep(self, path: tuple, snapshot: Snapshot) -> bool:
        """Write it in full before other workers see it. False if one of them was first: theirs stays."""
        with NamedTemporaryFile(dir=self._folder) as written:
            written.write(pickle.dumps(snapshot))
            written.flush()
            try:
                self._file(path).hardlink_to(written.name)
            except FileExistsError:
                return False
        return True

    def _file(self, path):
        return self._folder / sha256(repr(path).encode()).hexdigest()


@dataclass(frozen=True)
class Surroundings:
    """Everything that a test can change and a snapshot keeps."""

    engine: Engine
    commits: Commits
    world: World
    clock: RehearsalClock
    mails: list
    media: Path

    def mark(self):
        """A mark that differs from an earlier one if anything was changed meanwhile."""
        with closing(self.engine.raw_connection()) as connection:
            given = rows.numbers_given(connection.driver_connection)
        return self.commits.count, given, *self._outside()

    def unmarked(self):
        """The mark of a test that has just begun."""
        return self.commits.count, 0, *self._outside()

    def quiet(self):
        """Whether no job, ledger entry or callback is waiting."""
        with closing(self.engine.raw_connection()) as connection:
            return connection.driver_connection.execute(QUIET).fetchone()[0]

    def keep(self, value):
        """A snapshot of the present state."""
        with closing(self.engine.raw_connection()) as connection:
            kept, counters = rows.written_out(connection.driver_connection), rows.counters(connection.driver_connection)
        return Snapshot(
            value=pickle.dumps(value),
            rows=kept,
            counters=counters,
            carrier=pickle.dumps(self.world.state),
            shown=self.clock.now(),
            mails=tuple(self.mails),
            media={path.relative_to(self.media): path.read_bytes() for path in self.media.rglob("*") if path.is_file()},
        )

    def go_to(self, snapshot):
        """Restore a snapshot; its value."""
        with closing(self.engine.raw_connection()) as connection:
            rows.empty(connection.driver_connection)
            rows.put_back(connection.driver_connection, snapshot.rows)
            rows.set_counters(connection.driver_connection, snapshot.counters)
            connection.commit()
        self.world.exchange.adopt(pickle.loads(snapshot.carrier))  # noqa: S301 -- written by `keep`
        self.clock.jump_to(snapshot.shown)
        self.mails[:] = snapshot.mails
        for place, content in snapshot.media.items():
            path = self.media / place
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        return pickle.loads(snapshot.value)  # noqa: S301 -- written by `keep`

    def _outside(self):
        faults = self.world.faults
        trouble = len(faults.active), faults.api_spelling, faults.webhook_spelling
        return pickle.dumps(self.world.state), self.clock.now(), len(self.mails), *trouble


class Story:
    """The steps a test has taken, for as long as it took no others than steps of the story.

    After anything else has changed the state, every further step is played.
    """

    def __init__(self, snapshots: Snapshots, surroundings: Surroundings, beginning: tuple | None) -> None:
        """`beginning` identifies the settings that the test begins with; with None every step is played."""
        self._snapshots, self._around = snapshots, surroundings
        self._path, self._mark = beginning and (beginning,), surroundings.unmarked()

    def come_to(self, live: Callable, *given):
        """What `live()` returns, with the state after it: played, or restored from a snapshot.

        What `live` depends on, besides the steps before, has to be `given`: values that their `repr` tells apart.
        """
        path = self._next(live, given)
        if snapshot := path and self._snapshots.get(path):
            value = self._around.go_to(snapshot)
        else:
            value = live()
            if path and self._around.quiet() and not self._snapshots.keep(path, self._around.keep(value)):
                # later snapshots go on from the one that was kept, whose ids and tokens are others than these
                value = self._around.go_to(self._snapshots.get(path))
        self._go_on(path)
        return value

    def tell(self, live: Callable, *given):
        """What `live()` returns: a step that is played every time, because that is quicker than restoring."""
        path = self._next(live, given)
        value = live()
        self._go_on(path)
        return value

    def _next(self, live, given):
        """The path with this step; None once the path is left, and for a step within a step."""
        path, self._path = self._path, None
        step = live.__module__, live.__qualname__, given
        return (*path, step) if path and self._around.mark() == self._mark else None

    def _go_on(self, path):
        if path:
            self._path, self._mark = path, self._around.mark()
