"""One clock process leads and the others stand by; a job that fails does not stop the others."""

import logging
from dataclasses import replace
from datetime import timedelta
from threading import Thread
from time import monotonic, sleep
from types import SimpleNamespace

import psycopg
import pytest

from service import clockwork
from service.schedule.timetable import JOBS, ScheduledJob
from service.time import real_time


@pytest.fixture
def spare(services, monkeypatch):
    """A spare that stands by beside a leader; `spare.leads` once it has the lead."""
    monkeypatch.setattr(clockwork, "ASK_AGAIN", timedelta(milliseconds=20))
    url = services.settings.database_url
    with psycopg.connect(url, autocommit=True) as leader, psycopg.connect(url, autocommit=True) as waiting:
        clockwork.stand_by(leader)
        spare = Thread(target=clockwork.stand_by, args=[waiting], daemon=True)
        spare.start()
        yield SimpleNamespace(thread=spare, leader=leader, pid=waiting.info.backend_pid)
        leader.close()
        spare.join(5)


def test_a_spare_waits_until_the_leader_is_gone(spare):
    sleep(0.2)
    assert spare.thread.is_alive()
    spare.leader.close()
    spare.thread.join(5)
    assert not spare.thread.is_alive()


def test_a_spare_that_waits_keeps_no_snapshot_that_would_stop_the_cleaning_up(spare, services):
    watched = "SELECT state, backend_xmin FROM pg_stat_activity WHERE pid = %s"
    with psycopg.connect(services.settings.database_url, autocommit=True) as watching:
        seen = {watching.execute(watched, [spare.pid]).fetchone() for _ in range(20)}
    assert ("idle", None) in seen


def test_a_failing_job_does_not_end_the_clock(services, caplog):
    def fail(_):
        raise ValueError("broken")

    clockwork._run(ScheduledJob("breaks", timedelta(seconds=1), fail), services)
    assert "scheduled job failed" in caplog.text


@pytest.fixture
def follower(services, settings, clock, tmp_path):
    """A scheduler on the rehearsal clock; `waiting()` gives the seconds until each job; none of them runs."""
    clock.set_speed(1)
    scheduler = clockwork._scheduler(replace(services, settings=replace(settings, rehearsal_clock=tmp_path / "clock")))
    scheduler.start(paused=True)
    for job in JOBS:
        scheduler.modify_job(job.name, next_run_time=real_time() + job.every)

    def waiting():
        return {job.name: (scheduler.get_job(job.name).next_run_time - real_time()).total_seconds() for job in JOBS}

    yield SimpleNamespace(look=clockwork.Follower(scheduler).look, waiting=waiting)
    scheduler.shutdown()


def test_at_rest_the_jobs_of_a_rehearsal_keep_their_intervals(follower):
    follower.look()
    assert all(follower.waiting()[job.name] > job.every.total_seconds() - 2 for job in JOBS)


@pytest.mark.usefixtures("follower")
def test_a_job_of_a_rehearsal_that_still_runs_is_left_alone_without_a_warning():
    scheduler = logging.getLogger("apscheduler.scheduler")
    assert not scheduler.isEnabledFor(logging.WARNING)
    assert scheduler.isEnabledFor(logging.ERROR)


def test_when_a_rehearsal_clock_jumps_the_rows_are_asked_at_once_and_the_carrier_as_ever(follower, clock):
    clock.jump(timedelta(hours=1))
    follower.look()
    waiting = follower.waiting()
    assert {job.name for job in JOBS if waiting[job.name] <= 0} == {job.name for job in JOBS if job.asks_rows}


def test_a_rehearsal_clock_that_runs_fast_is_followed_too(follower, clock):
    clock.set_speed(3600)
    sleep(0.01)
    follower.look()
    assert follower.waiting()["remind"] <= 0


def test_what_follows_from_a_jump_is_seen_to_within_a_second_for_a_minute(follower, clock, monkeypatch):
    clock.jump(timedelta(hours=1))
    follower.look()
    moment = real_time()
    monkeypatch.setattr(clockwork, "real_time", lambda: moment + timedelta(seconds=59))
    monkeypatch.setattr(clockwork, "now", lambda: clock.now() + timedelta(seconds=59))
    follower.look()
    assert 50 < follower.waiting()["remind"] < 60
    monkeypatch.setattr(clockwork, "real_time", lambda: moment + timedelta(seconds=61))
    monkeypatch.setattr(clockwork, "now", lambda: clock.now() + timedelta(seconds=61))
    follower.look()
    assert 50 < follower.waiting()["remind"] < 60


def test_the_leader_that_lost_the_database_steps_down(services):
    connection = psycopg.connect(services.settings.database_url, autocommit=True)
    connection.close()
    began = monotonic()
    with pytest.raises(psycopg.OperationalError):
        clockwork._while_leading(connection, services)
    assert monotonic() - began < 2


@pytest.mark.parametrize("job", JOBS, ids=lambda job: job.name)
def test_every_job_has_nothing_to_do_in_an_empty_house(services, job):
    job.run(services)
