"""Storing callbacks, several in one transaction, with the database in trouble."""

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import psycopg
import pytest

from provisioning.contract.callbacks import Subject
from webhooks.intake import CHANNEL, Callback, Intake, NotKept


def callback(number):
    return Callback("twilio", Subject.MESSAGE, "", f"Body={number}".encode())


@pytest.fixture
def intake(database):
    return Intake(database)


@pytest.fixture
def ask(database):
    def ask(statement):
        with psycopg.connect(database) as connection:
            return connection.execute(statement).fetchone()[0]

    return ask


@contextmanager
def held_up(database):
    """Lock the table of callbacks while the block runs."""
    with psycopg.connect(database) as connection:
        connection.execute("LOCK TABLE received IN ACCESS EXCLUSIVE MODE")
        yield


@contextmanager
def kept_together(intake, database, callbacks):
    """The first is being written while the others wait; they go on when the block ends. Yields what each comes to."""
    with ThreadPoolExecutor(len(callbacks)) as pool, held_up(database):
        told = [pool.submit(intake.keep, callbacks[0])]
        wait_until(lambda: intake._turn.locked() and not intake._waiting)
        told += [pool.submit(intake.keep, one) for one in callbacks[1:]]
        wait_until(lambda: len(intake._waiting) == len(callbacks) - 1)
        yield told


def wait_until(true):
    until = time.monotonic() + 30
    while not true():
        assert time.monotonic() < until, "it did not happen"
        time.sleep(0.001)


@pytest.fixture
def keep_together(intake, database):
    """Send callbacks while the first of them is being stored; the answer to each request."""

    def keep_together(numbers):
        with kept_together(intake, database, [callback(number) for number in numbers]) as told:
            pass
        return [one.exception() for one in told]

    return keep_together


def test_what_arrives_while_another_is_written_is_committed_together(keep_together, ask):
    assert keep_together(range(20)) == [None] * 20
    assert ask("SELECT count(*) FROM received") == 20
    assert ask("SELECT count(DISTINCT xmin::text) FROM received") == 1 + 1


def test_more_than_one_commit_may_hold_is_kept_all_the_same(keep_together, ask):
    assert keep_together(range(70)) == [None] * 70
    assert ask("SELECT count(DISTINCT xmin::text) FROM received") == 1 + 2


def test_the_next_can_write_when_all_who_waited_have_left(keep_together, intake, ask):
    keep_together(range(10))
    assert not intake._turn.locked()
    intake.keep(callback(10))
    assert ask("SELECT count(*) FROM received") == 11


def test_a_request_that_has_waited_too_long_is_given_no_turn(intake, database, ask, monkeypatch):
    monkeypatch.setattr("webhooks.intake._PATIENCE_SECONDS", 0.05)
    with kept_together(intake, database, [callback(number) for number in range(3)]) as told:
        assert [type(one.exception(timeout=30)) for one in told[1:]] == [NotKept, NotKept]
    assert told[0].exception() is None
    intake.keep(callback(3))
    assert not intake._turn.locked()
    assert ask("SELECT count(*) FROM received") == 4


def test_a_thousand_requests_of_many_threads_are_all_kept(intake, ask):
    def come(number):
        (intake.keep if number % 5 else intake.note)(callback(number))

    with ThreadPoolExecutor(16) as pool:
        list(pool.map(come, range(1000)))
    assert not intake._turn.locked()
    assert ask("SELECT count(*) FROM received") == 1000


def test_the_databases_address_is_taken_as_the_driver_takes_it(database):
    """A space is %20 there, never "+": a folder with a space may be the host."""
    intake = Intake(f"{database}&passfile=with%20a%20space")
    intake.open()
    assert intake._connected().connection.info.get_parameters()["passfile"] == "with a space"


def test_a_repetition_within_one_commit_is_one_row(keep_together, ask):
    assert keep_together([0, 1, 1]) == [None] * 3
    assert ask("SELECT count(*) FROM received") == 2


def test_rows_stand_in_the_order_they_came(intake, ask):
    for number in range(5):
        intake.keep(callback(number))
    assert ask("SELECT array_agg(convert_from(body, 'UTF8') ORDER BY id) FROM received") == [
        f"Body={number}" for number in range(5)
    ]


def test_a_connection_that_was_cut_is_made_again(intake, ask, database):
    intake.keep(callback(1))
    mine = intake._cursor.connection.info.backend_pid
    ask(f"SELECT pg_terminate_backend({mine})")
    intake.keep(callback(2))
    assert ask("SELECT count(*) FROM received") == 2


def test_all_who_wait_are_told_when_the_database_is_gone():
    intake = Intake("postgresql://nobody@127.0.0.1:1/nothing")
    with ThreadPoolExecutor(5) as pool:
        told = [pool.submit(intake.keep, callback(number)) for number in range(5)]
    assert [type(one.exception()) for one in told] == [NotKept] * 5


def test_the_reader_is_woken_once_for_what_was_committed_together(keep_together, database):
    with psycopg.connect(database, autocommit=True) as listener:
        listener.execute(f"LISTEN {CHANNEL}")
        keep_together(range(9))
        assert len(list(listener.notifies(timeout=30, stop_after=2))) == 1 + 1
        assert list(listener.notifies(timeout=0.2)) == []


def test_a_repetition_wakes_nobody(intake, database):
    intake.keep(callback(1))
    with psycopg.connect(database, autocommit=True) as listener:
        listener.execute(f"LISTEN {CHANNEL}")
        intake.keep(callback(1))
        assert list(listener.notifies(timeout=0.2)) == []


def test_a_callback_tells_nobody_what_it_says():
    assert "Body" not in repr(callback(1))


@contextmanager
def noted_meanwhile(intake, database, *waiting):
    """As `kept_together`, and two calls are noted; the first of them gathers the notes."""
    with ThreadPoolExecutor(2) as threads, kept_together(intake, database, [callback(1), *waiting]):
        threads.submit(intake.note, callback("noted"))
        wait_until(lambda: len(intake._waiting) == len(waiting) + 1)
        threads.submit(intake.note, callback("noted too"))
        wait_until(lambda: intake._notes)
        yield


def test_what_is_noted_while_somebody_writes_is_taken_along(intake, database, ask):
    with noted_meanwhile(intake, database, callback(2)):
        pass
    assert ask("SELECT count(DISTINCT xmin::text) FROM received") == 1 + 1
    assert ask("SELECT count(*) FROM received") == 4


def test_what_is_noted_last_is_written_although_nobody_waits(intake, database, ask):
    with noted_meanwhile(intake, database):
        pass
    assert ask("SELECT count(*) FROM received") == 3


def test_who_writes_leaves_notes_to_the_thread_that_gathers_them(intake, database, ask):
    """Else it would write for others for as long as calls come in, with its own caller's next request behind it."""
    with kept_together(intake, database, [callback(1)]):
        intake._gathering.acquire()
        intake.note(callback("noted"))
    assert ask("SELECT count(*) FROM received") == 1
    intake._gathering.release()
    intake.note(callback("last"))
    assert ask("SELECT count(*) FROM received") == 3


def test_what_is_noted_is_kept_when_nobody_writes(intake, ask):
    intake.note(callback("noted"))
    assert ask("SELECT count(*) FROM received") == 1


def test_what_is_noted_at_the_same_time_is_written_together_and_all_of_it(intake, ask):
    with ThreadPoolExecutor(8) as threads:
        for number in range(400):
            threads.submit(intake.note, callback(number))
    assert ask("SELECT count(*) FROM received") == 400
    assert ask("SELECT count(DISTINCT xmin::text) FROM received") < 200


def test_a_callback_that_somebody_waits_for_is_not_held_up_by_notes(intake, ask, monkeypatch):
    monkeypatch.setattr("webhooks.intake._GATHERED_SECONDS", 1.0)
    with ThreadPoolExecutor(1) as threads:
        threads.submit(intake.note, callback("noted"))
        wait_until(intake._gathering.locked)
        intake.note(callback("noted too"))
        intake.keep(callback(1))
        assert ask("SELECT count(*) FROM received") == 2


def test_nobody_waits_for_ever_for_what_the_database_cannot_take(intake, database, ask):
    unfit = Callback("a carrier's name too long for its column", Subject.MESSAGE, "", b"")
    with kept_together(intake, database, [callback(1), unfit, callback(2)]) as told:
        pass
    assert [type(one.exception(timeout=10)) for one in told] == [type(None), NotKept, NotKept]
    intake.keep(callback(2))
    assert ask("SELECT count(*) FROM received") == 2
