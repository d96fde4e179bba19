"""Measure how fast callbacks are verified, stored and answered, compared with a route that does nothing."""

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread
from typing import Final
from urllib.parse import urlencode

import psycopg

from benchmarks.load import alternate, driver, middle, processor, ratio
from benchmarks.rig import Rig, standing
from laptop.postgres import programs
from webhooks.intake import CHANNEL

PATH: Final = "/webhooks/twilio/message"
ROUNDS: Final = 9
SECONDS: Final = 2
MOST_A_SECOND: Final = 8000
SINGLE_COMMITS: Final = (
    "INSERT INTO received (carrier, subject, query, body, digest) "
    "VALUES ('none', 'message', '', convert_to(repeat('x', 500), 'UTF8'), "
    "sha256(convert_to(random()::text || clock_timestamp()::text, 'UTF8')));"
)


def main() -> None:
    """Measure and print."""
    with standing() as rig, _woken_reader(rig) as woken:
        files = [rig.signed(f"texts-{turn}", PATH, _texts(turn)) for turn in range(ROUNDS + 1)]
        nothing, kept = alternate(rig, PATH, files, SECONDS)
        stored = rig.rows()
        one, sixteen = (_single_commits(rig, clients) for clients in (1, 16))
    answered, failed = (
        sum(figures) for figures in zip(*((slice_.answered, slice_.failed) for slice_ in kept), strict=True)
    )
    idle, busy = middle(nothing), middle(kept)
    print(f"intake, 16 connections, {driver()}  (load of the machine {os.getloadavg()[0]:.1f})")
    print(f"  a route that does nothing   {idle.rate:6.0f}/s  p99 {idle.p99_ms:5.1f} ms  {processor(nothing)}")
    print(f"  callback kept, then 204     {busy.rate:6.0f}/s  p99 {busy.p99_ms:5.1f} ms  {processor(kept)}")
    print("  its p99 is wanted to be at most 40 ms")
    print(f"  ratio to nothing            {ratio(nothing, kept):6.2f}   (wanted 0.60)")
    print(f"  single-row commits          {one:6.0f}/s with one client, {sixteen:.0f}/s with 16")
    print(f"  ratio to those with 16      {busy.rate / sixteen if sixteen else 0:6.2f}")
    print(f"  answered yes {answered}, stored {stored}, failed {failed}; reader woken {len(woken)} times")
    assert stored >= answered, "a yes without a row"


def _texts(turn: int) -> list[str]:
    """Bodies of callbacks for texts, with the eighteen fields that the carrier sends; each has its own id."""
    place = {f"{side}{part}": "" for side in ("From", "To") for part in ("City", "State", "Zip", "Country")}
    return [
        urlencode(
            {
                "MessageSid": (sid := f"SM{turn:04x}{number:028x}"),
                "SmsSid": sid,
                "SmsMessageSid": sid,
                "AccountSid": "AC" + "0" * 32,
                "From": f"+1415555{number % 10000:04d}",
                "To": "+14155552671",
                "Body": f"Hello, are you open on Saturday? ({number})",
                "NumMedia": "0",
                "SmsStatus": "received",
                "ApiVersion": "2010-04-01",
                **place,
            }
        )
        for number in range(MOST_A_SECOND * SECONDS)
    ]


@contextmanager
def _woken_reader(rig: Rig) -> Iterator[list[float]]:
    """Listen as the reader does; the list gets the moment of each notification (monotonic seconds)."""
    stop, woken = Event(), list[float]()

    def listen() -> None:
        with psycopg.connect(rig.database, autocommit=True) as connection:
            connection.execute(f"LISTEN {CHANNEL}")
            while not stop.is_set():
                woken.extend(time.monotonic() for _ in connection.notifies(timeout=0.5))

    listener = Thread(target=listen)
    listener.start()
    try:
        yield woken
    finally:
        stop.set()
        listener.join()


def _single_commits(rig: Rig, clients: int) -> float:
    """Commits a second that the database does with one row each, by pgbench; 0 where that is missing."""
    script = rig.folder / "single.sql"
    script.write_text(SINGLE_COMMITS)
    programme = _pgbench()
    if programme is None:
        return 0
    options = ["-n", "-M", "prepared", "-f", str(script), "-c", str(clients), "-j", "1", "-T", str(SECONDS)]
    command = [str(programme), *options, rig.database]
    output = subprocess.run(command, capture_output=True, text=True, check=True).stdout  # noqa: S603 -- our own
    return next(float(line.split()[2]) for line in output.splitlines() if line.startswith("tps"))


def _pgbench() -> Path | None:
    """The pgbench that belongs to the database's server, where there is one."""
    path = programs() / "pgbench"
    return path if path.exists() else None


if __name__ == "__main__":
    main()
