"""The worker: lanes side by side, and the jobs of a dead colleague."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from time import monotonic, sleep

from sqlalchemy import text

from service import worker
from service.callbacks import watch_callbacks
from service.ledger.models import Effect, Progress
from tests.factories import a_line

PATIENCE = 60.0


def work_until(services, done):
    """Run a worker as the process does until something is so, and stop it.

    In a thread of its own: where a browser was tested before, its event loop still runs in this one.
    """

    async def shift():
        stop = asyncio.Event()
        working = asyncio.create_task(worker.work(services, stop))
        try:
            await asyncio.to_thread(_wait_until, done)
        finally:
            stop.set()
            await working

    with ThreadPoolExecutor(max_workers=1) as thread:
        thread.submit(asyncio.run, shift()).result()


def _wait_until(done):
    deadline = monotonic() + PATIENCE
    while not done():
        assert monotonic() < deadline, "it never came to be"
        sleep(0.1)


def test_a_worker_does_what_is_owed_and_stops_when_told(services, world):
    def bought():
        with services.sessions() as session:
            return session.query(Effect).one().progress is Progress.DONE

    with services.sessions.begin() as session:
        a_line(session, services)
    work_until(services, bought)
    assert len(world.state.numbers) == 1


def test_the_job_of_a_worker_that_was_killed_is_taken_up_by_another(services):
    def succeeded():
        with services.sessions() as session:
            return session.execute(text("SELECT status FROM procrastinate_jobs")).scalar() == "succeeded"

    with services.sessions.begin() as session:
        watch_callbacks.defer(session, carrier="twilio")
        session.execute(
            text(
                "WITH dead AS (INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '1 hour')"
                " RETURNING id) UPDATE procrastinate_jobs SET status = 'doing', worker_id = (SELECT id FROM dead)"
            )
        )
    work_until(services, succeeded)
