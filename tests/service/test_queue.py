"""Jobs and the change that causes them are one transaction; what fails is tried again, then shown."""

import random
from datetime import timedelta

import psycopg
import pytest
from procrastinate.jobs import Job
from procrastinate.schema import SchemaManager
from sqlalchemy import select, text
from structlog.contextvars import bound_contextvars

from service.audit.daily import audit
from service.carrier_calls import CarrierCall
from service.connections import Process, arguments
from service.cutover.carrier_jobs import advance_cutover
from service.handlers import app
from service.history.reading import read_history
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


def test_a_job_waits_by_the_databases_clock_on_a_machine_that_is_behind(services, monkeypatch):
    monkeypatch.setattr("procrastinate.utils.utcnow", lambda: _now() - timedelta(seconds=50))
    with services.sessions.begin() as session:
        ask_carrier.defer_in(session, timedelta(seconds=30), order_id=7)
        waits = session.scalar(text("SELECT scheduled_at - clock_timestamp() FROM procrastinate_jobs"))
    assert timedelta(seconds=29) < waits <= timedelta(seconds=30)


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
        "read_history",
        "transcribe_voicemail",
    }


def test_histories_of_several_workspaces_are_read_one_at_a_time(services):
    with services.sessions.begin() as session:
        for import_id in (1, 2):
            read_history.defer(session, import_id=import_id)
        assert session.scalars(text("SELECT lock FROM procrastinate_jobs")).all() == ["history"] * 2


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
    """A worker's connection to the queue."""
    with psycopg.connect(database, autocommit=True, **arguments(Process.QUEUE)) as connection:
        yield connection


FETCH = "SELECT id, priority FROM procrastinate_fetch_job_v2(ARRAY['carrier']::varchar[], NULL)"
FLOOD = """
    INSERT INTO procrastinate_jobs (queue_name, task_name, priority, lock, args)
    SELECT 'carrier', 'release_number', 0, 'phone_number:' || n, jsonb_build_object('number_id', n)
    FROM generate_series(1, 3000) n
"""
ROWS_READ = """
    SELECT coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0) FROM pg_stat_xact_user_tables
    WHERE relname = 'procrastinate_jobs'
"""
EMPTY, ANALYZE = "DELETE FROM procrastinate_jobs", "ANALYZE procrastinate_jobs"
KNOWN = {
    "that the queue is empty": ("VACUUM procrastinate_jobs", ANALYZE),
    "that it was emptied": (FLOOD, EMPTY, ANALYZE),
    "how it was in a flood": (FLOOD, ANALYZE, EMPTY),
}


@pytest.mark.parametrize("known", KNOWN.values(), ids=KNOWN.keys())
def test_a_job_is_found_in_a_flood_by_reading_a_few_rows_whatever_the_planner_knows(services, fetching, known):
    for statement in (*known, *[FETCH] * 12):  # PostgreSQL may keep a plan after five uses
        fetching.execute(statement)
    with services.sessions.begin() as session:
        session.execute(text(FLOOD))
        ask_portability.defer(session, port_number_ids=[7])
    with fetching.transaction():
        [before] = fetching.execute(ROWS_READ).fetchone()
        assert fetching.execute(FETCH).fetchone()[1] == Priority.PERSON_WAITS
        [after] = fetching.execute(ROWS_READ).fetchone()
    assert after - before < 20


def librarys_fetch():
    """The library's own function, under another name."""
    _, created, rest = SchemaManager.get_schema().partition("CREATE FUNCTION procrastinate_fetch_job_v2")
    body, end, _ = rest.partition("$$;")
    return created.replace("procrastinate_fetch_job_v2", "librarys_fetch") + body + end


def add_some_job(fetching, dice):
    values = {
        "lane": dice.choice(["carrier", "carrier", "reading"]),
        "priority": dice.choice([0, 0, 5]),
        "lock": dice.choice([None, "a", "b", "c"]),
        "status": dice.choice(["todo"] * 5 + ["failed"]),
        "wait": dice.choice([None, "-1 hour", "1 hour"]),
    }
    fetching.execute(
        "INSERT INTO procrastinate_jobs (queue_name, task_name, priority, lock, status, scheduled_at) VALUES"
        " (%(lane)s, 'ask_about', %(priority)s, %(lock)s, %(status)s, now() + %(wait)s::interval)",
        values,
    )


@pytest.mark.parametrize("seed", range(3))
def test_jobs_are_fetched_in_the_order_in_which_the_library_fetches_them(fetching, seed):
    dice = random.Random(seed)  # noqa: S311 -- repeatable, not secret
    with fetching.transaction(force_rollback=True):
        fetching.execute(librarys_fetch())
        for _ in range(60):
            add_some_job(fetching, dice)
        fetched = []
        while not fetched or fetched[-1]:
            with fetching.transaction(force_rollback=True):
                theirs = fetching.execute(FETCH.replace("procrastinate_fetch_job_v2", "librarys_fetch")).fetchone()[0]
            fetched.append(fetching.execute(FETCH).fetchone()[0])
            assert fetched[-1] == theirs
            if dice.random() < 0.7:
                fetching.execute("UPDATE procrastinate_jobs SET status = 'succeeded' WHERE id = %s", fetched[-1:])
    assert len(fetched) > 5


def test_a_job_and_what_follows_from_it_carry_the_id_of_the_request_that_caused_them(services, work):
    with bound_contextvars(request="the-request"), services.sessions.begin() as session:
        a_line(session, services)
    with services.sessions.begin() as session:
        a_line(session, services)
    work()
    with services.sessions() as session:
        bought = session.scalars(select(CarrierCall.request).where(CarrierCall.task == "perform_at_carrier"))
        assert set(bought) == {"the-request", ""}
