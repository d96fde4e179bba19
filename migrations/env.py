"""How migrations run: on DATABASE_URL, or on the connection that a test hands over.

`alembic revision --autogenerate -m "keep voicemail"` writes `0007_keep_voicemail.py`: numbered, one after the other. A
migration runs while the version before it still serves, so it waits for a lock no longer than that may be held up.
"""

import os
import sys
import time
from collections.abc import Iterable, Mapping
from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from alembic.operations.ops import MigrationScript
from alembic.runtime.migration import MigrationContext, MigrationInfo
from alembic.script import ScriptDirectory
from dotenv import find_dotenv, load_dotenv
from environs import EnvError, FileAwareEnv, ValidationError
from psycopg.errors import LockNotAvailable
from sqlalchemy import Connection, Enum, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.types import TypeDecorator

import webhooks.models
from service import config_checks as checks
from service.db import connect
from service.models import Base
from service.schema import trouble_with_server

LOCK_TIMEOUT = "2s"

TRIES = 30

PAUSE = 5
"""Seconds between tries, in which the service gets on with what waited for the migration."""

# importing it is what puts its table into the metadata
TABLES = (webhooks.models.Received,)


def _run() -> None:
    given = context.config.attributes.get("connection")
    if given is not None:
        _migrate(given)
        return
    with _connected(_address()) as connection:
        connection.execute(text(f"SET lock_timeout = '{LOCK_TIMEOUT}'"))
        connection.commit()
        _migrate_patiently(connection)
        there = context.get_context().get_current_heads()
        _say(f"The tables are those of migration {', '.join(there) or 'none'}.")


def _address() -> str:
    """The database past a PgBouncer. Settings come from `.env` where the environment has none, as for `flask`."""
    if not {"DATABASE_URL", "DATABASE_URL_FILE"} & set(os.environ):
        load_dotenv(find_dotenv(usecwd=True))
    env = FileAwareEnv()
    try:
        url = env.str("DIRECT_DATABASE_URL", "") or env.str("DATABASE_URL")
        checks.database(url)
    except (EnvError, ValidationError) as error:
        sys.exit(f"The settings name no database to migrate: {error}")
    return str(url)


def _connected(url: str) -> Connection:
    try:
        connection = connect(url).connect()
    except OperationalError as error:
        sys.exit(f"The database cannot be reached: {str(error.orig).splitlines()[0]}")
    driver: Any = connection.connection.driver_connection
    if trouble := trouble_with_server(driver.info.server_version):
        sys.exit(trouble)
    return connection


def _migrate_patiently(connection: Connection) -> None:
    """Each migration is a transaction of its own, so one that cannot have its locks is begun again after a pause."""
    for attempt in range(1, TRIES + 1):
        try:
            _migrate(connection)
        except OperationalError as error:
            connection.rollback()
            if attempt == TRIES or not isinstance(error.orig, LockNotAvailable):
                raise
            _say(f"A table is in use. Trying again in {PAUSE} s ({attempt} of {TRIES}).")
            time.sleep(PAUSE)
        else:
            return


def _say(sentence: str) -> None:
    print(sentence, flush=True)  # noqa: T201 -- a command's own words


def _say_step(ctx: MigrationContext, step: MigrationInfo, heads: object, run_args: object) -> None:
    done = "Migrated to" if step.is_upgrade else "Went back from"
    for revision in step.up_revisions:
        _say(f"{done} {revision.revision}: {revision.doc}")  # type: ignore[union-attr]  # it has come from a script


def _migrate(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        transaction_per_migration=True,
        include_name=_ours,
        render_item=_plain,
        process_revision_directives=_number,
        on_version_apply=_say_step,
    )
    with context.begin_transaction():
        context.run_migrations()


KEPT_FOR_THE_VERSION_BEFORE = {("notifications", "message"), ("notice_choices", "told"), ("cutovers", "plan")}
"""Columns that no model has any more, by their tables; to be dropped in a later release."""


def _ours(name: str | None, kind: str, parents: Mapping[Any, str | None]) -> bool:
    """The queue's tables have their own maker."""
    if kind == "column":
        return (parents["table_name"], name) not in KEPT_FOR_THE_VERSION_BEFORE
    return kind != "table" or not str(name).startswith("procrastinate_")


def _plain(kind: str, item: Any, _context: AutogenContext) -> str | Literal[False]:  # noqa: ANN401 -- Alembic's own
    """Our column types by what they are in the database: a migration does not import code that changes later."""
    if kind == "type" and isinstance(item, Enum):
        return f"sa.String(length={item.length})"
    if kind == "type" and isinstance(item, TypeDecorator):
        return f"sa.{item.impl_instance!r}" if not isinstance(item.impl, TypeDecorator) else "sa.LargeBinary()"
    return False


def _number(_migration: MigrationContext, _revision: object, scripts: Iterable[MigrationScript]) -> None:
    head = ScriptDirectory.from_config(context.config).get_current_head()
    for script in scripts:
        script.rev_id = f"{int(head or 0) + 1:04d}"


_run()
