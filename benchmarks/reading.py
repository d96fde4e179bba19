"""Measure how fast kept texts come to the inbox, in a flood and at a hundred a second, each conversation in order."""

import os
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

import psycopg

from benchmarks.call_answer import NUMBER, set_up_line
from benchmarks.rig import environ, make_tables, postmaster, processor_seconds
from laptop import database
from provisioning.contract.callbacks import Subject
from service.connections import Process
from service.wiring import wire
from webhooks.intake import Callback, Intake
from webhooks.reader import Reader

PROCESSES: Final = 2
CONVERSATIONS: Final = 500
FLOOD: Final = 3000
A_SECOND: Final = 100
SECONDS: Final = 10

UNREAD: Final = "SELECT count(*) FROM received WHERE read_at IS NULL"
READ: Final = "SELECT count(*) FROM received WHERE read_at IS NOT NULL"
RATE: Final = "SELECT count(*) / extract(epoch FROM max(read_at) - min(read_at)) FROM received"
WAITED: Final = """
    SELECT percentile_cont(%s) WITHIN GROUP (ORDER BY extract(epoch FROM read_at - received_at))
    FROM received WHERE id > %s
"""
OUT_OF_ORDER: Final = """
    SELECT count(*) FROM (
        SELECT text::int - lag(text::int) OVER (PARTITION BY conversation_id ORDER BY id) AS step FROM messages
    ) AS steps WHERE step <= 0
"""


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as name, database.running(Path(name) / "database") as address:
        os.environ.update(environ(address))
        make_tables(address)
        set_up_line(address)
        intake = Intake(address)
        _keep(intake, range(FLOOD))
        with _readers() as readers:
            pids = [*readers, postmaster(Path(name) / "database")]
            _until_read(address, first=1)
            spent = -sum(map(processor_seconds, pids))
            _until_read(address)
            spent += sum(map(processor_seconds, pids))
            rate = _asked(address, RATE)
            _keep_by_the_second(intake)
            _until_read(address)
        p50, p99 = (_asked(address, WAITED, part, FLOOD) * 1000 for part in (0.5, 0.99))
        load = os.getloadavg()[0]
        print(f"reading, {PROCESSES} processes, {CONVERSATIONS} conversations  (load of the machine {load:.1f})")
        print(f"  {FLOOD} texts at once      {rate:6.0f}/s (wanted 300)")
        print(
            f"  processor of a text      {spent / FLOOD * 1000:6.1f} ms, readers and database (two cores, 300/s: 6.6)"
        )
        print(f"  {A_SECOND} texts a second    median {p50:.0f} ms from kept to read, p99 {p99:.0f} ms (wanted 2000)")
        assert _asked(address, OUT_OF_ORDER) == 0, "texts of one conversation were read out of order"
        assert _asked(address, "SELECT count(*) FROM messages") == FLOOD + A_SECOND * SECONDS, "a text is missing"


def _keep_by_the_second(intake: Intake) -> None:
    for second in range(SECONDS):
        begun = time.monotonic()
        for tenth in range(10):
            first = FLOOD + second * A_SECOND + tenth * A_SECOND // 10
            _keep(intake, range(first, first + A_SECOND // 10))
            time.sleep(max(0.0, begun + (tenth + 1) / 10 - time.monotonic()))


def _keep(intake: Intake, numbers: Iterable[int]) -> None:
    for number in numbers:
        text = {
            "MessageSid": f"SM{number:032x}",
            "From": f"+1415555{number % CONVERSATIONS:04d}",
            "To": NUMBER,
            "Body": f"{number}",
            "NumMedia": "0",
        }
        intake.keep(Callback("twilio", Subject.MESSAGE, "", urlencode(text).encode()))


@contextmanager
def _readers() -> Iterator[list[int]]:
    """Read in processes of their own, as so many workers do, while the block runs; their ids."""
    processes = get_context("spawn")
    stop = processes.Event()
    readers = [processes.Process(target=_read, args=[stop]) for _ in range(PROCESSES)]
    for reader in readers:
        reader.start()
    try:
        yield [reader.pid for reader in readers if reader.pid]
    finally:
        stop.set()
        for reader in readers:
            reader.join()


def _read(stop: Event) -> None:
    Reader(wire(Process.WORKER)).run(stop)  # type: ignore[arg-type]


def _until_read(address: str, first: int = 0) -> None:
    """Return when all texts are read, or so many."""
    while _asked(address, UNREAD) and not 0 < first <= _asked(address, READ):
        time.sleep(0.1)


def _asked(address: str, statement: str, *values: object) -> Any:  # noqa: ANN401 -- whatever is asked for
    with psycopg.connect(address) as connection:
        found = connection.execute(statement, values).fetchone()
        return found[0] if found else None


if __name__ == "__main__":
    main()
