"""The worker: lanes side by side, and the jobs of a dead colleague."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from time import monotonic, sleep

import psycopg
from sqlalchemy import text

from service import worker
from service.callbacks import watch_callbacks
from service.ledger.models import LedgerEntry, Progress
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


def _watch(services):
    with services.sessions.begin() as session:
        watch_callbacks.defer(session, carrier="twilio")


def _all_done(services):
    """What is done is not kept."""
    with services.sessions() as session:
        return session.execute(text("SELECT NOT EXISTS (SELECT FROM procrastinate_jobs)")).scalar()


def test_a_worker_does_what_is_owed_and_stops_when_told(services, world):
    def bought():
        with services.sessions() as session:
            return session.query(LedgerEntry).one().progress is Progress.DONE

    with services.sessions.begin() as session:
        a_line(session, services)
    work_until(services, bought)
    assert len(world.state.numbers) == 1


def test_lanes_outlive_a_database_that_is_away_for_longer_than_they_wait(services, server, monkeypatch, caplog):
    name = services.sessions.kw["bind"].url.database
    monkeypatch.setattr(worker, "LOOK_EVERY", 0.1)
    monkeypatch.setattr(worker, "CONNECTION_PATIENCE", 0.2)
    monkeypatch.setattr(worker, "REST", 0.1)

    def done_before_and_after():
        _watch(services)
        _wait_until(lambda: _all_done(services))
        with psycopg.connect(server, autocommit=True) as elsewhere:
            elsewhere.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
            elsewhere.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
            try:
                _wait_until(lambda: caplog.text.count("worker lost the database") > len(worker.THREADS))
            finally:
                elsewhere.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
        services.sessions.kw["bind"].dispose()
        _watch(services)
        _wait_until(lambda: _all_done(services))
        return True

    work_until(services, done_before_and_after)


def test_the_job_of_a_worker_that_was_killed_is_taken_up_by_another(services):
    _watch(services)
    with services.sessions.begin() as session:
        session.execute(
            text(
                "WITH dead AS (INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '1 hour')"
                " RETURNING id) UPDATE procrastinate_jobs SET status = 'doing', worker_id = (SELECT id FROM dead)"
            )
        )
    work_until(services, lambda: _all_done(services))
