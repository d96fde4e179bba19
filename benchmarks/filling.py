"""Databases and browsers that benchmarks of pages begin with."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import psycopg
from flask.testing import FlaskClient
from sqlalchemy import Connection
from sqlalchemy.engine import make_url

from benchmarks.rig import make_tables
from service.accounts import sign_ins
from service.accounts.models import User
from service.app import create_app
from service.db import connect
from service.models import Base
from service.services import Services

_FAST: Final = "SET session_replication_role = replica; SET maintenance_work_mem = '512MB'"


def new_database(server: str, name: str) -> str:
    """Create a database with the current tables on a server; its address."""
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"'.encode())
    address = make_url(server).set(database=name).render_as_string(hide_password=False)
    make_tables(address)
    return address


@contextmanager
def filling(address: str) -> Iterator[Connection]:
    """A connection that fills a database, statement by statement, without its log; what it filled is then analyzed."""
    engine = connect(address)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql(_FAST)
        for table in reversed(Base.metadata.sorted_tables):
            connection.exec_driver_sql(f'ALTER TABLE "{table.name}" SET UNLOGGED')
        yield connection
        connection.exec_driver_sql("VACUUM ANALYZE")
    engine.dispose()


@contextmanager
def without_indexes(connection: Connection, table: str) -> Iterator[None]:
    """Make a table's indexes after the block, but for unique ones: along with its rows takes ten times as long."""
    indexes = [index for index in Base.metadata.tables[table].indexes if not index.unique]
    for index in indexes:
        index.drop(connection)
    yield
    for index in indexes:
        index.create(connection)


def browser_of(services: Services, user_id: int, *, second_step: bool = False) -> FlaskClient:
    """A browser in which a person is signed in."""
    with services.sessions.begin() as session:
        signed_in = sign_ins.begin(session, session.get_one(User, user_id), "", second_step=second_step)
    client = create_app(services).test_client()
    with client.session_transaction() as cookie:
        cookie.update(signed_in)
    return client
