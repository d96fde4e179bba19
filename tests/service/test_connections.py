"""Every process connects under its name, with at most its share of connections, and with limits on what it does."""

from contextlib import ExitStack
from time import sleep

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, InternalError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnection

from service import connections
from service.connections import SETTINGS, Process, arguments, this_process
from service.db import connect, sessions_on
from webhooks.connections import READS, Connections


@pytest.fixture
def impatient(monkeypatch):
    """A worker's connections with shorter limits."""
    settings = {"statement_timeout": "200ms", "idle_in_transaction_session_timeout": "200ms"}
    monkeypatch.setattr(connections, "SETTINGS", {**SETTINGS, Process.WORKER: settings})


@pytest.mark.parametrize("process", SETTINGS)
def test_every_process_has_an_end_to_its_statements_and_its_idle_transactions(database, process):
    with psycopg.connect(database, autocommit=True, **arguments(process)) as connection:
        for name, value in SETTINGS[process].items():
            assert connection.execute(f"SHOW {name}").fetchone() == (value.replace("60s", "1min"),)
    assert {"statement_timeout", "idle_in_transaction_session_timeout"} <= set(SETTINGS[process])


def test_a_command_may_take_its_time(database):
    with psycopg.connect(database, **arguments(None)) as connection:
        assert connection.execute("SHOW statement_timeout").fetchone() == ("0",)


def test_a_process_that_is_stopped_inside_a_transaction_loses_its_rows_to_others(database, impatient):
    stopped = psycopg.connect(database, **arguments(Process.WORKER))
    stopped.execute("LOCK TABLE ledger_entries")
    with psycopg.connect(database) as waiting:
        waiting.execute("SET LOCAL lock_timeout = '5s'")
        waiting.execute("LOCK TABLE ledger_entries")
    with pytest.raises(psycopg.Error):
        stopped.execute("SELECT 1")
    assert stopped.closed


def test_a_process_that_goes_on_has_a_new_connection_for_its_next_transaction(database, impatient):
    engine = connect(database, Process.WORKER)
    sessions = sessions_on(engine)
    with sessions() as session:
        session.execute(text("SELECT 1"))
        sleep(0.5)
        with pytest.raises(DBAPIError):
            session.execute(text("SELECT 1"))
    with sessions.begin() as session:
        assert session.scalar(text("SELECT 1")) == 1
    engine.dispose()


def test_a_statement_that_never_ends_is_ended(database, impatient):
    engine = connect(database, Process.WORKER)
    with pytest.raises(OperationalError, match="statement timeout"), engine.connect() as connection:
        connection.execute(text("SELECT pg_sleep(5)"))
    engine.dispose()


@pytest.fixture
def sessions(database):
    """Sessions on one connection, as it is used by one request after the other."""
    engine = connect(database, Process.WEB)
    yield sessions_on(engine)
    engine.dispose()


def test_what_only_reads_keeps_its_prepared_statements_for_the_next_request(sessions):
    for _ in range(8):
        with sessions() as session:
            session.execute(text("SELECT count(*) FROM lines"))
    with sessions() as session:
        prepared = session.execute(text("SELECT count(*) FROM pg_prepared_statements WHERE statement ~ 'FROM lines'"))
        assert prepared.scalar_one() == 1


def test_what_was_not_committed_is_rolled_back(sessions):
    with sessions() as session:
        session.execute(text("INSERT INTO roles (name, description) VALUES ('nobody', '')"))
    with sessions() as session:
        session.execute(text("SELECT 1"))
        with pytest.raises(DBAPIError):
            session.execute(text("SELECT 1 / 0"))
    with sessions() as session:
        assert session.scalar(text("SELECT count(*) FROM roles WHERE name = 'nobody'")) == 0


def test_a_connection_that_broke_while_it_was_read_on_is_made_again(sessions, database):
    session = sessions()
    mine = session.scalar(text("SELECT pg_backend_pid()"))
    with psycopg.connect(database) as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", [mine])
    with pytest.raises(OperationalError):
        session.close()
    with sessions() as session:
        assert session.scalar(text("SELECT pg_backend_pid()")) != mine


@pytest.mark.parametrize("process", [*Process, None])
def test_the_database_shows_who_has_connected(database, process):
    with psycopg.connect(database, **arguments(process)) as connection:
        assert (
            connection.info.parameter_status("application_name") == f"portline {process or 'command'} {this_process()}"
        )


def test_a_process_takes_no_more_than_its_share(database):
    engine = connect(database, Process.WORKER, 3)
    engine.pool._timeout = 0.05
    with ExitStack() as taken:
        for _ in range(3):
            taken.enter_context(engine.connect())
        with pytest.raises(NoConnection):
            engine.connect()
    engine.dispose()


def test_ringing_calls_take_no_more_than_their_share(database, monkeypatch):
    monkeypatch.setattr("webhooks.connections._SILENCE_MS", 50)
    reads = Connections(database)
    with ExitStack() as taken:
        for _ in range(READS):
            taken.enter_context(reads.one())
        with pytest.raises(psycopg.OperationalError, match="busy"), reads.one():
            pass
    with reads.one() as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_a_connection_that_takes_no_more_changes_is_left(sessions):
    """What was the primary has become a standby, and the next connection may lead to the one that is it now."""
    with sessions() as session:
        demoted = session.scalar(text("SELECT pg_backend_pid()"))
        session.execute(text("SET TRANSACTION READ ONLY"))
        with pytest.raises(InternalError, match="read-only"):
            session.execute(text("DELETE FROM roles"))
    with sessions() as session:
        assert session.scalar(text("SELECT pg_backend_pid()")) != demoted


def test_what_changes_things_connects_to_no_standby(database):
    read_only = f"{database}{'&' if '?' in database else '?'}options=-c%20default_transaction_read_only%3Don"
    given = {name: value for name, value in arguments(Process.CLOCK).items() if name != "options"}
    with pytest.raises(psycopg.OperationalError, match="read-only"):
        psycopg.connect(read_only, **given)
