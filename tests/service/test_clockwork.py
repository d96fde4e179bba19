"""One clock leads, spares stand by; every job survives another one's failure."""

from datetime import timedelta
from threading import Thread
from time import monotonic, sleep

import psycopg
import pytest

from service import clockwork
from service.schedule.timetable import JOBS, ScheduledJob


def test_a_spare_waits_until_the_leader_is_gone(services):
    with psycopg.connect(services.settings.database_url, autocommit=True) as leader:
        leader.execute("SELECT pg_advisory_lock(%s)", [clockwork.LEADER])
        spare = Thread(target=_lead_once, args=[services.settings.database_url], daemon=True)
        spare.start()
        sleep(0.2)
        assert spare.is_alive()
    spare.join(5)
    assert not spare.is_alive()


def _lead_once(url):
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", [clockwork.LEADER])


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
        clockwork._while_leading(connection)
    assert monotonic() - began < 2


@pytest.mark.parametrize("job", JOBS, ids=lambda job: job.name)
def test_every_job_has_nothing_to_do_in_an_empty_house(services, job):
    job.run(services)
