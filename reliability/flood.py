"""`python -m reliability.flood`: 20,000 jobs wait, and new customers want their first number.

The worker has known the queue empty. `--naive` is the control for the fetch: Procrastinate's own function, which keeps
the plan that it made then.
"""

import argparse
import sys
import time
from typing import Final

import psycopg
from procrastinate.schema import SchemaManager
from sqlalchemy import text

from reliability.crew import Role
from reliability.kills import load_on_a_new_line
from reliability.rig import Rig, say, standing, zeros
from service.connections import Process, arguments
from service.ledger.models import EntryKind

CUSTOMERS: Final = 5
NUMBER_WITHIN: Final = 10.0
FETCH_WITHIN: Final = 1.0

FETCH: Final = "SELECT id FROM procrastinate_fetch_job_v2(ARRAY['carrier']::varchar[], NULL)"
FETCHED_WHILE_EMPTY: Final = 12
"""PostgreSQL may keep a plan after five uses."""

_FLOOD: Final = text("""
    INSERT INTO procrastinate_jobs (queue_name, task_name, priority, args)
    SELECT 'carrier', 'perform_at_carrier', 0, jsonb_build_object('entry_id', :entry_id)
    FROM generate_series(1, :jobs)
""")
_DONE: Final = text("SELECT max(id) FROM ledger_entries WHERE kind = :kind AND progress = 'done'")
_WAITING: Final = text("SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo'")


def main(arguments_: list[str]) -> int:
    """Run and print; the exit code is 0 if every number was bought and the job fetched in time."""
    parser = argparse.ArgumentParser(prog="python -m reliability.flood")
    parser.add_argument("--jobs", type=int, default=20_000)
    parser.add_argument("--naive", action="store_true")
    size = parser.parse_args(arguments_)
    with standing(REHEARSAL_CLOCK="") as rig:
        rig.crew.start("worker", Role.WORKER)
        load_on_a_new_line(rig)
        with psycopg.connect(rig.database.url, autocommit=True, **arguments(Process.QUEUE)) as fetching:
            if size.naive:
                fetching.execute(_librarys_fetch())
            _know_it_empty(fetching)
            _flood(rig, size.jobs)
            waits = [_first_number(rig) for _ in range(CUSTOMERS)]
            left, took = _waiting(rig), _fetch(fetching)
    say(f"first numbers bought after {', '.join(f'{wait:.1f}' for wait in waits)} s; one fetch took {took:.3f} s")
    say(f"  {size.jobs} jobs were added; {left} still waited after the last number")
    late = sum(wait > NUMBER_WITHIN for wait in waits)
    return zeros(late_numbers=late, slow_fetches=int(took > FETCH_WITHIN), bought_after_the_flood=int(not left))


def _librarys_fetch() -> str:
    _, created, rest = SchemaManager.get_schema().partition("CREATE FUNCTION procrastinate_fetch_job_v2")
    body, end, _ = rest.partition("$$;")
    return created.replace("CREATE", "CREATE OR REPLACE") + body + end


def _know_it_empty(fetching: psycopg.Connection) -> None:
    fetching.execute("ANALYZE procrastinate_jobs")
    for _ in range(FETCHED_WHILE_EMPTY):
        fetching.execute(FETCH)


def _flood(rig: Rig, jobs: int) -> None:
    """Add jobs for an entry that is done: what a clock and a queue that each offered it once too often leave."""
    with rig.services.sessions.begin() as session:
        entry = session.scalar(_DONE, {"kind": EntryKind.BUY_NUMBER.value})
        session.execute(_FLOOD, {"entry_id": entry, "jobs": jobs})


def _first_number(rig: Rig) -> float:
    began = time.monotonic()
    load_on_a_new_line(rig)
    return time.monotonic() - began


def _waiting(rig: Rig) -> int:
    with rig.services.sessions() as session:
        return int(session.execute(_WAITING).scalar_one())


def _fetch(fetching: psycopg.Connection) -> float:
    """Seconds that a fetch takes, which is taken back; twenty if the database ended it."""
    began = time.monotonic()
    fetching.execute("BEGIN")
    try:
        fetching.execute(FETCH)
    except psycopg.errors.QueryCanceled:
        say("  the fetch was ended by the database")
    fetching.execute("ROLLBACK")
    return time.monotonic() - began


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
