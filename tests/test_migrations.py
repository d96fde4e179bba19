"""The tables as migrations make them are the tables as the models say."""

from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import inspect
from sqlalchemy.engine import make_url

from service.db import connect

CONFIG = Path(__file__).parent.parent / "alembic.ini"


@pytest.fixture
def empty(server):
    """URL of a database without any table."""
    name = f"migrated_{uuid4().hex[:12]}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    yield make_url(server).set(database=name).render_as_string(hide_password=False)
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def config():
    return Config(CONFIG)


@pytest.fixture
def migrated(empty, config):
    """A connection to a database that was migrated from nothing."""
    engine = connect(empty)
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        yield connection
    engine.dispose()


def test_migrations_are_numbered_one_after_the_other_and_have_one_head(config):
    scripts = ScriptDirectory.from_config(config)
    numbers = [script.revision for script in scripts.walk_revisions()][::-1]
    assert numbers == [f"{number:04d}" for number in range(1, len(numbers) + 1)]
    assert scripts.get_heads() == numbers[-1:]


def test_the_migrated_tables_are_what_the_models_say(migrated, config):
    command.check(config)


def test_the_queue_has_its_tables(migrated):
    assert {"procrastinate_jobs", "procrastinate_workers"} <= set(inspect(migrated).get_table_names())
