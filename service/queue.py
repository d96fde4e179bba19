"""The queue of jobs: Procrastinate in our own PostgreSQL, so that a job and the change that causes it commit together.

A handler is a function `(services, **ids)` under `@task`. It may run more than once, so it has to be idempotent. Its
arguments are ids, never content, because job rows are not encrypted.

    @task
    def ask_carrier(services: Services, *, order_id: int) -> None: ...

    ask_carrier.defer(session, order_id=7)      # in the caller's transaction
"""

import json
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any, Concatenate, Generic, ParamSpec

from procrastinate import App, BaseRetryStrategy, JobContext, PsycopgConnector, RetryDecision, SyncPsycopgConnector
from procrastinate.jobs import Job
from psycopg import Connection
from sqlalchemy import text
from sqlalchemy.orm import Session
from structlog.contextvars import bound_contextvars, get_contextvars

from provisioning.contract.errors import CarrierError
from provisioning.sent import noted
from service.carrier_calls import keep_calls
from service.carrier_errors import count_error
from service.db import database_now
from service.jobs import JOBS, Lane, Priority
from service.services import Services

Ids = ParamSpec("Ids")


class Doubling(BaseRetryStrategy):
    """Waits 30 s · 2ⁿ between tries and gives up after eight; the failed job stays and is shown to an operator."""

    def __init__(self, longest_wait: timedelta = timedelta.max) -> None:
        self._longest_wait = longest_wait

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        """When to try again, or None for never."""
        if job.attempts + 1 >= TRIES:
            return None
        wait = min(timedelta(seconds=30 * 2**job.attempts), self._longest_wait)
        return RetryDecision(retry_in={"seconds": int(wait.total_seconds())})


TRIES = 8

# defers jobs on the session's connection; the worker's app, once opened, accepts no synchronous connection
_deferring = App(connector=SyncPsycopgConnector())


_WAITING = text(
    "SELECT EXISTS (SELECT FROM procrastinate_jobs"
    " WHERE task_name = :task AND status = 'todo' AND args = CAST(:ids AS jsonb))"
)
_BRING_FORWARD = text(
    "UPDATE procrastinate_jobs SET scheduled_at = NULL"
    " WHERE task_name = :task AND status = 'todo' AND args = CAST(:ids AS jsonb) AND scheduled_at > now()"
)


class Task(Generic[Ids]):
    """A handler that can be deferred. Calling it runs it here and now."""

    def __init__(self, run: Callable[Concatenate[Services, Ids], None]) -> None:
        self.name = run.__name__
        self._job = JOBS[self.name]
        self._run: Callable[..., None] = run

    def __call__(self, services: Services, *args: Ids.args, **ids: Ids.kwargs) -> None:
        """Run the handler now."""
        self._run(services, *args, **ids)

    def defer(self, session: Session, *_: Ids.args, **ids: Ids.kwargs) -> None:
        """Have it run soon after the session's transaction commits; rolled back with it."""
        self._defer(session, None, ids)

    def defer_once(self, session: Session, *_: Ids.args, **ids: Ids.kwargs) -> None:
        """As `defer`, but skipped if an identical job is queued or awaiting retry: for work that reads the present."""
        if not session.scalar(_WAITING, {"task": self.name, "ids": json.dumps(ids)}):
            self._defer(session, None, ids)

    def hurry(self, session: Session, *args: Ids.args, **ids: Ids.kwargs) -> None:
        """As `defer_once`, but a job that is awaiting its retry is tried now, because something has happened.

        Until its retry it would hold up every other job with the same lock.
        """
        session.execute(_BRING_FORWARD, {"task": self.name, "ids": json.dumps(ids)})
        self.defer_once(session, *args, **ids)

    def defer_in(self, session: Session, wait: timedelta, *_: Ids.args, **ids: Ids.kwargs) -> None:
        """Have it run no sooner than `wait` (real time) from now."""
        self._defer(session, wait, ids)

    def defer_once_in(self, session: Session, wait: timedelta, *_: Ids.args, **ids: Ids.kwargs) -> None:
        """As `defer_in`, but skipped if an identical job is queued or awaiting retry."""
        if not session.scalar(_WAITING, {"task": self.name, "ids": json.dumps(ids)}):
            self._defer(session, wait, ids)

    def with_priority(self, priority: Priority) -> "Task[Ids]":
        """The same task, deferred with another priority than its row in `jobs.py` says."""
        other: Task[Ids] = Task(self._run)
        other._job = self._job._replace(priority=priority)
        return other

    def enter(self, app: App) -> None:
        """Have a worker's app run it."""
        retry = Doubling(self._job.longest_wait)
        known_as = list(self._job.aliases)
        app.task(name=self.name, aliases=known_as, queue=self._job.lane, retry=retry, pass_context=True)(
            self._in_worker
        )

    def _defer(self, session: Session, wait: timedelta | None, ids: dict[str, Any]) -> None:
        connection = connection_of(session)
        job_id = _deferring.configure_task(
            self.name,
            queue=self._job.lane,
            priority=self._job.priority,
            connection=connection,
            lock=self._job.lock.format(**ids) if self._job.lock else None,
            schedule_at=database_now(session) + wait if wait else None,
        ).defer(**ids)
        if request := get_contextvars().get("request"):
            connection.execute(_CAUSED_BY, [request, job_id])

    def _in_worker(self, context: JobContext, /, **ids: Any) -> None:  # noqa: ANN401 -- ids come out of JSON
        services: Services = context.additional_context["services"]
        request, job_id = _cause_of(services, context), context.job.id
        with bound_contextvars(request=request, job=job_id, task=self.name), noted() as sent:
            try:
                self._run(services, **ids)
            except CarrierError as error:
                count_error(services.sessions, error)
                raise
            finally:
                keep_calls(services.sessions, sent, task=self.name, ids=ids, request=request)


_CAUSED_BY = "UPDATE procrastinate_jobs SET request = %s WHERE id = %s"
_CAUSE = text("SELECT request FROM procrastinate_jobs WHERE id = :job_id")


def _cause_of(services: Services, context: JobContext) -> str:
    """The id of the request from which a job follows, also by way of other jobs; "" if from none."""
    with services.sessions() as session:
        return session.scalar(_CAUSE, {"job_id": context.job.id}) or ""


def task(run: Callable[Concatenate[Services, Ids], None]) -> Task[Ids]:
    """Make a handler deferrable. Raises KeyError when `jobs.py` has no row for it."""
    return Task(run)


def app_of(tasks: Iterable[Task[Any]]) -> App:
    """The app in which a worker runs these tasks, on asynchronous connections of its own."""
    app = App(connector=PsycopgConnector())
    for one in tasks:
        one.enter(app)
    return app


def waiting_times(session: Session) -> dict[Lane, timedelta]:
    """How long the oldest job that is due has waited in each lane, in real time by the database's clock."""
    waited = {lane: timedelta() for lane in Lane}
    for lane, longest in connection_of(session).execute(_WAITING_TIMES, [list(Lane)]):
        waited[Lane(lane)] = longest
    return waited


# two look-ups in an index for each lane, however many jobs wait: the first that had a time, and the first without
_WAITING_TIMES = """
    SELECT lane, clock_timestamp() - least(timed.since, (
        SELECT min(at) FROM procrastinate_events WHERE job_id = untimed.id AND type = 'deferred')) AS waited
    FROM unnest(%s::text[]) lane
    LEFT JOIN LATERAL (
        SELECT scheduled_at AS since FROM procrastinate_jobs
        WHERE status = 'todo' AND queue_name = lane AND scheduled_at <= statement_timestamp()
        ORDER BY scheduled_at LIMIT 1
    ) timed ON true
    LEFT JOIN LATERAL (
        SELECT id FROM procrastinate_jobs
        WHERE status = 'todo' AND queue_name = lane AND scheduled_at IS NULL
        ORDER BY scheduled_at, id LIMIT 1
    ) untimed ON true
    WHERE timed.since IS NOT NULL OR untimed.id IS NOT NULL
"""


def connection_of(session: Session) -> Connection[Any]:
    """The psycopg connection under a session, inside its open transaction."""
    connection = session.connection().connection.driver_connection
    if not isinstance(connection, Connection):
        raise TypeError("the queue lives in PostgreSQL through psycopg")
    return connection
