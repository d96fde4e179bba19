"""A worker that runs one job at a time, oldest first, so that a run can be repeated step by step.

The queue's own worker has its tests elsewhere. This one guarantees no more than the queue does: a job that failed or
whose worker was killed is run again, after some time.
"""

from types import SimpleNamespace

import psycopg

from reliability.points import Point
from service.handlers import app
from service.ledger.models import EntryKind
from service.queue import TRIES
from tests import rows
from tests.reliability.crashes import WorkerKilled
from webhooks.reader import read_all

NEXT = """
    SELECT id, task_name, args FROM procrastinate_jobs
    WHERE status = 'todo' AND scheduled_at IS NULL OR status = 'todo' AND scheduled_at <= now()
    ORDER BY id LIMIT 1
"""
PUT_OFF = """
    UPDATE procrastinate_jobs SET attempts = attempts + %s, scheduled_at = now() + interval '30 seconds' WHERE id = %s
"""
UNREAD = "SELECT FROM received WHERE read_at IS NULL LIMIT 1"
MOST_AT_ONCE = 400


class StepWorker:
    """`worker()` does everything due on both sides until nothing is left."""

    def __init__(self, services, world, crashes):
        self._services, self._world, self._crashes = services, world, crashes
        self._queue = psycopg.connect(services.settings.database_url, autocommit=True)
        self.given_up = []

    def __call__(self):
        for _ in range(MOST_AT_ONCE):
            self._world.run_due()
            if self.query(UNREAD):
                read_all(self._services)
            job = self._queue.execute(NEXT).fetchone()
            if job is None:
                return
            self._do(*job)
        raise AssertionError("there is always more to do")

    def wait_over(self):
        """Make everything due that waits for its next try."""
        self._queue.execute("UPDATE procrastinate_jobs SET scheduled_at = NULL WHERE status = 'todo'")
        self._queue.execute("UPDATE ledger_entries SET due_at = clock_timestamp() WHERE progress = 'ready'")
        self._queue.execute("UPDATE received SET due_at = clock_timestamp() WHERE read_at IS NULL")

    def query(self, statement, *values):
        return self._queue.execute(statement, values).fetchall()

    def forget(self):
        """Empty the database."""
        self.given_up.clear()
        rows.empty(self._queue)

    def written_out(self):
        """Every row of our tables, for `put_back`."""
        return rows.written_out(self._queue)

    def put_back(self, kept):
        """Put rows from `written_out` into the empty tables."""
        rows.put_back(self._queue, kept)

    def back_up(self):
        """A dump: every row, the queued jobs, and the sequences."""
        return rows.written_out(self._queue, "procrastinate_jobs"), rows.counters(self._queue)

    def restore(self, backup):
        """Replace everything in the database with a dump from `back_up`."""
        kept, counters = backup
        self.forget()
        self.put_back(kept)
        self._queue.execute(rows.FROM_ONE)
        rows.set_counters(self._queue, counters)

    def close(self):
        self._queue.close()

    def _do(self, job, task, ids):
        kind = self._kind(ids)
        try:
            self._crashes.at(Point.BEFORE_CLAIM, kind)
            context = SimpleNamespace(additional_context={"services": self._services}, job=SimpleNamespace(id=job))
            app.tasks[task].func(context, **ids)
            self._crashes.at(Point.AFTER_RECORD, kind)
        except WorkerKilled:
            self._queue.execute(PUT_OFF, [0, job])
        except Exception as error:  # noqa: BLE001 -- as in the queue, any failure is tried again
            self._queue.execute(PUT_OFF, [1, job])
            self._give_up_after_the_last_try(job, task, error)
        else:
            self._queue.execute("DELETE FROM procrastinate_jobs WHERE id = %s", [job])

    def _kind(self, ids):
        found = self._queue.execute("SELECT kind FROM ledger_entries WHERE id = %s", [ids.get("entry_id")]).fetchone()
        return EntryKind(found[0]) if found else None

    def _give_up_after_the_last_try(self, job, task, error):
        given_up = "DELETE FROM procrastinate_jobs WHERE id = %s AND attempts >= %s RETURNING id"
        if self._queue.execute(given_up, [job, TRIES]).fetchone():
            self.given_up.append((task, error))
