"""Jobs and the change that causes them are one transaction; what fails is tried again, then shown."""

import psycopg
import pytest
from procrastinate.jobs import Job
from sqlalchemy import text

from service.audit.daily import audit
from service.connections import Process, arguments
from service.cutover.carrier_jobs import advance_cutover
from service.handlers import app
from service.jobs import JOBS, Lane, Priority
from service.ledger.models import PRIORITIES, EntryKind
from service.lines.releasing import release_number
from service.porting.asking import ask_carrier, ask_portability
from service.queue import TRIES, Doubling
from tests.factories import a_line


def jobs(services):
    with services.sessions() as session:
        return session.execute(text("SELECT task_name, lock, queue_name, args FROM procrastinate_jobs")).all()


def test_a_job_is_there_when_its_change_is_committed(services):
    with services.sessions.begin() as session:
        ask_carrier.defer(session, order_id=7)
    assert jobs(services) == [("ask_carrier", "order:7", "carrier", {"order_id": 7})]


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


def fail_once(services):
    """Have every job wait for its second try."""
    with services.sessions.begin() as session:
        session.execute(text("UPDATE procrastinate_jobs SET attempts = 1, scheduled_at = now() + interval '30 min'"))


def waiting_for_another_try(services):
    with services.sessions() as session:
        return session.scalar(text("SELECT count(*) FROM procrastinate_jobs WHERE scheduled_at > now()"))


def test_what_waits_for_its_next_try_is_not_added_again_however_often_the_clock_comes_by(services):
    for _ in range(3):
        with services.sessions.begin() as session:
            advance_cutover.defer_once(session, port_number_id=7)
        fail_once(services)
    assert len(jobs(services)) == 1
    assert waiting_for_another_try(services) == 1


def test_what_waits_for_its_next_try_is_tried_at_once_when_something_has_happened(services):
    with services.sessions.begin() as session:
        ask_carrier.defer(session, order_id=7)
    fail_once(services)
    with services.sessions.begin() as session:
        ask_carrier.hurry(session, order_id=7)
    assert len(jobs(services)) == 1
    assert waiting_for_another_try(services) == 0


def test_a_number_that_has_come_is_tried_again_within_a_minute_however_often_it_failed(services):
    [waits] = {task.retry_strategy for name, task in app.tasks.items() if name == advance_cutover.name}
    decision = waits.get_retry_decision(exception=ValueError(), job=_job(TRIES - 2))
    assert round((decision.retry_at - _now()).total_seconds()) == 60


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


def priorities(services):
    with services.sessions() as session:
        rows = session.execute(text("SELECT task_name, args, priority FROM procrastinate_jobs ORDER BY id"))
        return [(task, priority) for task, _, priority in rows]


def test_a_person_who_waits_goes_before_a_port_and_a_port_before_the_rest(services):
    with services.sessions.begin() as session:
        audit.defer(session, carrier="twilio")
        ask_carrier.defer(session, order_id=7)
        ask_portability.defer(session, port_number_ids=[7])
    assert priorities(services) == [("audit", 0), ("ask_carrier", 10), ("ask_portability", 20)]


def test_what_opens_files_waits_in_a_lane_of_its_own():
    assert {name for name, job in JOBS.items() if job.lane is Lane.FILES} == {
        "read_words",
        "read_photo",
        "fetch_picture",
    }


def test_the_first_number_of_a_customer_goes_before_the_notices_of_others(services):
    with services.sessions.begin() as session:
        a_line(session, services)
    assert priorities(services) == [("perform_at_carrier", Priority.PERSON_WAITS)]


ALIASES = [(alias, name) for name, job in JOBS.items() for alias in job.aliases]


@pytest.mark.parametrize(("alias", "name"), ALIASES)
def test_a_job_that_was_queued_under_its_old_name_is_known_to_a_worker(alias, name):
    assert app.tasks[alias] is app.tasks[name]
    assert alias not in JOBS


def test_every_kind_of_entry_has_its_priority():
    assert set(PRIORITIES) == set(EntryKind)


def test_jobs_that_share_a_lock_have_one_priority_as_a_higher_one_holds_up_the_rest_even_while_it_waits():
    locked = {(job.lane, job.lock): set() for job in JOBS.values() if job.lock}
    for job in JOBS.values():
        if job.lock:
            locked[job.lane, job.lock].add(job.priority)
    assert all(len(priorities) == 1 for priorities in locked.values())


@pytest.fixture
def fetching(database):
    """A worker's connection to the queue, opened while the queue was empty."""
    with psycopg.connect(database, autocommit=True, **arguments(Process.QUEUE)) as connection:
        connection.execute("ANALYZE procrastinate_jobs")
        for _ in range(12):
            connection.execute(FETCH)
        yield connection


FETCH = "SELECT id, priority FROM procrastinate_fetch_job_v2(ARRAY['carrier']::varchar[], NULL)"


def test_a_worker_plans_each_fetch_anew(fetching):
    assert fetching.execute("SHOW plan_cache_mode").fetchone() == ("force_custom_plan",)
