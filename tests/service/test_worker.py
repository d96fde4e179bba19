"""The worker runs its lanes side by side and takes over the jobs of a worker that was killed."""

import asyncio
import os
import socket
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep

import psycopg
import pytest
from sqlalchemy import text

from service import worker
from service.callbacks import watch_callbacks
from service.connections import Process
from service.ledger.ledger import perform_notification
from service.ledger.models import LedgerEntry, Progress
from tests.conftest import CARRIER_SETTINGS
from tests.event_loop import run
from tests.factories import a_line

PATIENCE = 60.0
AWAY = 3.5
SOON = 2.5
ROOT = Path(__file__).parents[2]
THREE_THOUSAND_JOBS = text("""
    INSERT INTO procrastinate_jobs (queue_name, task_name, args)
    SELECT 'notification', :task, jsonb_build_object('entry_id', 0) FROM generate_series(1, 3000)
""")


def work_until(services, done):
    """Run a worker as the process does until something is so, and stop it."""

    async def shift():
        stop = asyncio.Event()
        working = asyncio.create_task(worker.work(services, stop))
        try:
            await asyncio.to_thread(_wait_until, done)
        finally:
            stop.set()
            await working

    run(shift())


@contextmanager
def away(services, server):
    """The database ends all connections and takes none while the block runs."""
    name = services.sessions.kw["bind"].url.database
    with psycopg.connect(server, autocommit=True) as elsewhere:
        elsewhere.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
        elsewhere.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
        try:
            yield
        finally:
            elsewhere.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
    services.sessions.kw["bind"].dispose()


def _wait_until(done):
    deadline = monotonic() + PATIENCE
    while not done():
        assert monotonic() < deadline, "it never came to be"
        sleep(0.1)


def _watch(services):
    with services.sessions.begin() as session:
        watch_callbacks.defer(session, carrier="twilio")


def _all_done(services):
    """Whether every job is done; jobs that are done are deleted."""
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


def test_lanes_outlive_a_database_that_is_away_for_longer_than_they_wait(
    connections_cut, services, server, monkeypatch, caplog
):
    monkeypatch.setattr(worker, "LOOK_EVERY", 0.1)
    monkeypatch.setattr(worker, "CONNECTION_PATIENCE", 0.2)
    monkeypatch.setattr(worker, "REST", 0.1)

    def done_before_and_after():
        _watch(services)
        _wait_until(lambda: _all_done(services))
        with away(services, server):
            _wait_until(lambda: caplog.text.count("worker lost the database") > len(worker.THREADS))
        _watch(services)
        _wait_until(lambda: _all_done(services))
        return True

    work_until(services, done_before_and_after)


def test_a_worker_is_back_soon_after_a_database_that_was_away_for_seconds(
    connections_cut, services, server, monkeypatch
):
    """The library's pool tries after 1, 3 and 7 seconds, and would be back about four after this database is."""
    monkeypatch.setitem(worker.POOLS, Process.QUEUE, 4)

    def done_soon_after():
        with away(services, server):
            sleep(AWAY)
        _watch(services)
        deadline = monotonic() + SOON
        _wait_until(lambda: _all_done(services))
        assert monotonic() < deadline
        return True

    work_until(services, done_soon_after)


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


@pytest.fixture
def silent_carrier():
    """A carrier that takes every connection and never answers."""
    with socket.create_server(("127.0.0.1", 0), backlog=64) as listening:
        yield listening


@pytest.fixture
def process(services, settings, silent_carrier, tmp_path):
    """A worker process of its own."""
    environ = os.environ | {
        **CARRIER_SETTINGS,
        "TWILIO_BASE_URL": f"http://127.0.0.1:{silent_carrier.getsockname()[1]}",
        "DATABASE_URL": settings.database_url,
        "PUBLIC_BASE_URL": settings.public_base_url,
        "SECRET_KEY": settings.secret_keys[0],
        "SEALING_KEYS": settings.sealing_keys[0],
        "CARRIERS": "twilio",
        "NO_PROXY": "127.0.0.1",
    }
    started = subprocess.Popen(
        [sys.executable, "-m", "service.worker"], cwd=ROOT, env=environ, stdout=subprocess.DEVNULL
    )
    yield started
    started.kill()
    started.wait()


def test_a_worker_told_to_stop_stops_in_time_whatever_waits_and_whatever_hangs(services, silent_carrier, process):
    with services.sessions.begin() as session:
        watch_callbacks.defer(session, carrier="twilio")
        session.execute(THREE_THOUSAND_JOBS, {"task": perform_notification.name})
    silent_carrier.settimeout(PATIENCE)
    asked, _ = silent_carrier.accept()
    with asked:
        began = monotonic()
        process.terminate()
        process.wait(PATIENCE)
    assert monotonic() - began < 10
