"""One clock leads, spares stand by; every job survives another one's failure."""

from datetime import timedelta
from threading import Thread
from time import monotonic, sleep
from types import SimpleNamespace

import psycopg
import pytest

from service import clockwork
from service.schedule.timetable import JOBS, ScheduledJob


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


def test_a_rehearsal_asks_the_rows_every_second_and_the_carrier_as_ever(settings, services, tmp_path):
    from dataclasses import replace

    rehearsing = replace(services, settings=replace(settings, rehearsal_clock=tmp_path / "clock"))
    for job in JOBS:
        expected = timedelta(seconds=1) if job.asks_rows else job.every
        assert clockwork._interval(job, rehearsing) == expected
        assert clockwork._interval(job, services) == job.every


def test_the_leader_that_lost_the_database_steps_down(services):
    connection = psycopg.connect(services.settings.database_url, autocommit=True)
    connection.close()
    began = monotonic()
    with pytest.raises(SystemExit):
        clockwork._while_leading(connection, services)
    assert monotonic() - began < 2


@pytest.mark.parametrize("job", JOBS, ids=lambda job: job.name)
def test_every_job_has_nothing_to_do_in_an_empty_house(services, job):
    job.run(services)
