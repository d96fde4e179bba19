"""Emptying a database, writing its rows out, and putting them back."""

from functools import cache

from psycopg.sql import SQL, Identifier, Literal

from service import models

QUEUE_TABLES = ("procrastinate_events", "procrastinate_periodic_defers", "procrastinate_jobs", "procrastinate_workers")
COUNTERS = "SELECT oid::regclass::text, pg_sequence_last_value(oid) FROM pg_class WHERE relkind = 'S'"
USED = "SELECT coalesce(sum(pg_sequence_last_value(oid)), 0)::bigint FROM pg_class WHERE relkind = 'S'"
FROM_ONE = "SELECT setval(oid, 1, false) FROM pg_class WHERE relkind = 'S' AND pg_sequence_last_value(oid) > 0"
SET_COUNTERS = "SELECT setval(name::regclass, last) FROM unnest(%s::text[], %s::bigint[]) AS counter (name, last)"


@cache
def tables():
    """The names of our tables; none refers to a later one."""
    return [table.name for table in models.Base.metadata.sorted_tables]


def empty(connection):
    """Delete what is there: truncating many tables takes ten times as long."""
    for name in _filled(connection, [*QUEUE_TABLES, *reversed(tables())]):
        connection.execute(SQL("DELETE FROM {}").format(Identifier(name)))


def written_out(connection, *others):
    """Every row of our tables by table, as the database writes them out. What the queue has done is not among them.

    `others` are names of more tables.
    """
    rows = {}
    for name in _filled(connection, [*tables(), *others]):
        with connection.cursor().copy(SQL("COPY {} TO STDOUT").format(Identifier(name))) as copy:
            rows[name] = b"".join(copy)
    return rows


def put_back(connection, rows):
    """Put rows that were written out into empty tables."""
    for name, written in rows.items():
        with connection.cursor().copy(SQL("COPY {} FROM STDIN").format(Identifier(name))) as copy:
            copy.write(written)


def counters(connection):
    """How far each sequence that was used has come, by name."""
    return {name: last for name, last in connection.execute(COUNTERS).fetchall() if last}


def set_counters(connection, kept):
    """Let sequences that were set back go on from where these were."""
    connection.execute(SET_COUNTERS, [list(kept), list(kept.values())])


def numbers_given(connection):
    """How many numbers all sequences have given; another number tells that something was written."""
    return connection.execute(USED).fetchone()[0]


def _filled(connection, names):
    return [name for (name,) in connection.execute(_which_are_filled(tuple(names))).fetchall()]


@cache
def _which_are_filled(names):
    is_filled = SQL("SELECT {} WHERE EXISTS (SELECT FROM {})")
    filled = SQL(" UNION ALL ").join(is_filled.format(Literal(name), Identifier(name)) for name in names)
    return filled.as_string()
