"""Jobs and the change that causes them are one transaction; what fails is tried again, then shown."""

import pytest
from procrastinate.jobs import Job
from sqlalchemy import text

from service.lines.effects import release_number
from service.porting.effects import ask_carrier
from service.queue import TRIES, Doubling


def jobs(services):
    with services.sessions() as session:
        return session.execute(text("SELECT task_name, lock, queue_name, args FROM procrastinate_jobs")).all()


def test_a_job_is_there_when_its_change_is_committed(services):
    with services.sessions.begin() as session:
        ask_carrier.defer(session, order_id=7)
    assert jobs(services) == [("service.porting.effects.ask_carrier", "order:7", "carrier", {"order_id": 7})]


def test_a_job_goes_with_the_change_that_is_rolled_back(services):
    with services.sessions() as session:
        release_number.defer(session, number_id=1)
        session.rollback()
    assert jobs(services) == []


def test_what_looks_at_the_present_waits_once_for_each_thing_and_again_when_it_was_begun(services):
    with services.sessions.begin() as session:
        for order_id in (7, 7, 8):
            ask_carrier.defer_once(session, order_id=order_id)
    assert [job.args for job in jobs(services)] == [{"order_id": 7}, {"order_id": 8}]
    with services.sessions.begin() as session:
        session.execute(text("UPDATE procrastinate_jobs SET status = 'doing'"))
        ask_carrier.defer_once(session, order_id=7)
    assert len(jobs(services)) == 3


@pytest.mark.parametrize(("failures", "wait"), [(0, 30), (1, 60), (2, 120), (6, 1920)])
def test_the_wait_between_tries_doubles(failures, wait):
    decision = Doubling().get_retry_decision(exception=ValueError(), job=_job(failures))
    assert round((decision.retry_at - _now()).total_seconds()) == wait


def test_after_eight_tries_a_job_has_failed():
    assert Doubling().get_retry_decision(exception=ValueError(), job=_job(TRIES - 1)) is None


def _job(attempts):
    return Job(
        id=1,
        queue="carrier",
        lock=None,
        queueing_lock=None,
        task_name="t",
        task_kwargs={},
        scheduled_at=None,
        attempts=attempts,
    )


def _now():
    from datetime import UTC, datetime

    return datetime.now(UTC)
