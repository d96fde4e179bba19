"""Keeping callbacks together, and through trouble with the database."""

import time
from concurrent.futures import ThreadPoolExecutor

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


def keep_together(intake, numbers):
    """Have so many wait for their turn at the same time; what each was told."""
    with ThreadPoolExecutor(len(numbers)) as pool:
        with intake._turn:
            told = [pool.submit(intake.keep, callback(number)) for number in numbers]
            while len(intake._waiting) < len(numbers):
                time.sleep(0.001)
        return [one.exception() for one in told]


def test_what_arrives_together_is_committed_together(intake, ask):
    assert keep_together(intake, range(20)) == [None] * 20
    assert ask("SELECT count(*) FROM received") == 20
    assert ask("SELECT count(DISTINCT xmin::text) FROM received") == 1


def test_more_than_one_commit_may_hold_is_kept_all_the_same(intake, ask):
    assert keep_together(intake, range(70)) == [None] * 70
    assert ask("SELECT count(DISTINCT xmin::text) FROM received") == 2


def test_the_databases_address_is_taken_as_the_driver_takes_it(database, ask):
    """A space is %20 there, never "+": a folder with a space may be the host."""
    intake = Intake(f"{database}&application_name=with%20a%20space")
    intake.keep(callback(1))
    assert ask("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'with a space'") == 1


def test_a_repetition_within_one_commit_is_one_row(intake, ask):
    assert keep_together(intake, [1, 1, 2]) == [None] * 3
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
    assert [type(told) for told in keep_together(intake, range(5))] == [NotKept] * 5


def test_the_reader_is_woken_once_for_what_was_committed_together(intake, database):
    with psycopg.connect(database, autocommit=True) as listener:
        listener.execute(f"LISTEN {CHANNEL}")
        keep_together(intake, range(9))
        assert len(list(listener.notifies(timeout=0.3))) == 1


def test_a_repetition_wakes_nobody(intake, database):
    intake.keep(callback(1))
    with psycopg.connect(database, autocommit=True) as listener:
        listener.execute(f"LISTEN {CHANNEL}")
        intake.keep(callback(1))
        assert list(listener.notifies(timeout=0.2)) == []


def test_a_callback_tells_nobody_what_it_says():
    assert "Body" not in repr(callback(1))


def test_what_is_noted_while_somebody_writes_is_taken_along(intake, ask):
    with intake._turn:
        intake.note(callback("noted"))
    assert ask("SELECT count(*) FROM received") == 0
    intake.keep(callback("kept"))
    assert ask("SELECT count(*) FROM received") == 2


def test_what_is_noted_is_kept_at_once_when_nobody_writes(intake, ask):
    intake.note(callback("noted"))
    assert ask("SELECT count(*) FROM received") == 1


def test_whoever_finds_nothing_left_to_write_asks_the_database_for_nothing(intake):
    intake.keep(callback(1))
    cursor = intake._cursor
    intake._write_batch()
    assert intake._cursor is cursor


def test_nobody_waits_for_ever_for_what_the_database_cannot_take(intake, ask):
    unfit = Callback("a carrier's name too long for its column", Subject.MESSAGE, "", b"")
    with ThreadPoolExecutor(2) as pool:
        with intake._turn:
            told = [pool.submit(intake.keep, each) for each in (unfit, callback(1))]
            while len(intake._waiting) < 2:
                time.sleep(0.001)
        assert [type(one.exception(timeout=10)) for one in told] == [NotKept, NotKept]
    intake.keep(callback(1))
    assert ask("SELECT count(*) FROM received") == 1
