"""The readiness probe answers truly and in time, whatever the database does."""

import socket
from time import monotonic

import psycopg
import pytest

from service import schema
from service.probe import AWAY, READ_ONLY, SILENT, Probe


@pytest.fixture
def url(services):
    return services.settings.database_url


def test_a_database_with_the_right_tables_is_no_trouble(url):
    assert Probe(url).trouble() == ""


def test_a_database_that_accepts_and_says_nothing_is_told_in_time_however_often_one_asks():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        probe = Probe(f"postgresql://nobody@127.0.0.1:{silent.getsockname()[1]}/none")
        began = monotonic()
        assert probe.trouble() == SILENT
        assert monotonic() - began < 2


def test_a_database_that_is_not_there_is_told():
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    assert Probe(f"postgresql://nobody@127.0.0.1:{port}/none").trouble() == AWAY


def test_a_database_that_takes_no_writes_is_not_ready(url):
    sign = "&" if "?" in url else "?"
    assert Probe(f"{url}{sign}options=-c%20default_transaction_read_only%3Don").trouble() == READ_ONLY


def test_older_tables_are_told_with_what_to_do(url):
    with psycopg.connect(url) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '0004'")
        told = schema.trouble_with(connection)
        connection.rollback()
    assert told.startswith("The database is at migration 0004, and this program needs ")
    assert told.endswith("run `portline migrate`, or `alembic upgrade head` in a checkout.")


def test_tables_of_a_later_version_are_no_trouble(url):
    with psycopg.connect(url) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        assert schema.trouble_with(connection) == ""
        connection.rollback()


def test_a_database_without_tables_is_told(server):
    with psycopg.connect(server) as connection:
        assert schema.trouble_with(connection).startswith("The database has no tables yet")


@pytest.mark.parametrize(("version", "said"), [(140_012, "PostgreSQL 14.12"), (150_000, "")])
def test_a_server_that_is_too_old_is_told(version, said):
    assert said in schema.trouble_with_server(version)
    assert bool(schema.trouble_with_server(version)) is bool(said)
