"""Looking for what is due reads what is due, and not all that waits."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from provisioning.contract.callbacks import CallArrived
from service.calls.queries import answering_at
from service.cutover.last_bill import ask_about_last_bills
from service.porting.asking import ask_carrier
from service.porting.queries import due_within, orders_to_ask
from service.porting.states import State
from service.queue import waiting_times
from service.time import now
from tests.factories import CALLER, a_draft, a_line

NUMBER = "+14155552000"
MANY = 2000
FEW = 10

COPIES = {
    "procrastinate_jobs": {
        "queue_name": "'carrier'",
        "task_name": "'ask_carrier'",
        "args": "json_build_object('order_id', n)::jsonb",
        "status": "'todo'::procrastinate_job_status",
        "scheduled_at": "now() + interval '1 day'",
    },
    "port_numbers": {"number": "'+1' || 2000000000 + n", "committed_on": "date '2099-01-01'"},
    "phone_numbers": {"number": "'+1' || 3000000000 + n", "standing": "'held'", "reference": "'PN' || n"},
}


@pytest.fixture
def crowd(session, services):
    """Makes much wait in each table: jobs for tomorrow, numbers in a state, numbers that we hold."""
    line = a_line(session, services)
    [number] = a_draft(session, line, NUMBER).numbers

    def crowd(state=State.SCHEDULED):
        number.state, number.since = state, now()
        session.flush()
        for table, own in COPIES.items():
            _copy(session, table, own)
        # with an index that fits, the planner then takes it, however small the table is
        session.execute(text(f"ANALYZE {', '.join(COPIES)}; SET LOCAL enable_seqscan = off"))
        return session

    return crowd


def _copy(session, table, own):
    """Insert many rows like the newest of a table, with some columns of their own."""
    columns = session.scalars(
        text("SELECT column_name FROM information_schema.columns WHERE table_name = :table AND column_name <> 'id'"),
        {"table": table},
    ).all()
    values = ", ".join(own.get(column, f"first.{column}") for column in columns)
    session.execute(
        text(
            f"INSERT INTO {table} ({', '.join(columns)}) SELECT {values} "  # noqa: S608 -- our own
            f"FROM (SELECT * FROM {table} ORDER BY id DESC LIMIT 1) first, generate_series(1, {MANY}) n"
        )
    )


def rows_read(session, look):
    """How many rows of each table a look reads that stands alone in it."""
    before = _counted(session)
    look()
    return {table: count - before[table] for table, count in _counted(session).items()}


def _counted(session):
    counts = "SELECT relname, seq_tup_read + coalesce(idx_tup_fetch, 0) FROM pg_stat_xact_user_tables"
    return {table: count for table, count in session.execute(text(counts)) if table in COPIES}


def test_whether_a_job_waits_is_asked_of_an_index(crowd):
    session = crowd()
    assert rows_read(session, lambda: ask_carrier.defer_once(session, order_id=-1))["procrastinate_jobs"] < FEW
    assert rows_read(session, lambda: ask_carrier.hurry(session, order_id=-1))["procrastinate_jobs"] < FEW


def test_how_long_the_oldest_job_waits_is_asked_of_an_index(crowd):
    session = crowd()
    for _ in range(3):
        ask_carrier.defer(session, order_id=1)
    assert rows_read(session, lambda: waiting_times(session))["procrastinate_jobs"] < FEW


def test_a_call_reads_its_own_number_alone(crowd):
    session = crowd()
    call = CallArrived("CA-new", CALLER, NUMBER)
    assert rows_read(session, lambda: answering_at(session, call, now()))["phone_numbers"] < FEW


def test_numbers_whose_day_comes_are_found_among_all_that_are_scheduled(crowd):
    session = crowd()
    assert rows_read(session, lambda: due_within(session, timedelta(days=3)))["port_numbers"] < FEW


def test_orders_whose_date_is_near_are_found_among_all_that_are_scheduled(crowd):
    session = crowd()
    near = timedelta(days=2)
    assert rows_read(session, lambda: orders_to_ask(session, before=now(), date_within=near))["port_numbers"] < FEW


def test_last_bills_are_asked_about_without_reading_those_that_came_today(crowd, services):
    session = crowd(State.LIVE)
    assert rows_read(session, lambda: ask_about_last_bills(session, services))["port_numbers"] < FEW
