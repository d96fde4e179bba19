"""`python -m reliability.pauses`: texts sent by workers that are stopped with SIGSTOP for longer than a lease.

A worker stops itself before or after a call, one time in twenty, and is woken twelve seconds later; the grace time is
nine. Another worker takes its entries over meanwhile. Nothing may be missing in the end, and nothing sent twice.
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path

from reliability.audit import doubled, summary, texts_by_entry
from reliability.crew import Role
from reliability.ledger import owe_texts
from reliability.rig import say, standing

WORKERS = 3


def main(arguments: list[str]) -> int:
    """Run and print; the exit code is 0 if no text is missing and none was sent twice."""
    parser = argparse.ArgumentParser(prog="python -m reliability.pauses")
    parser.add_argument("--entries", type=int, default=2_000)
    parser.add_argument("--patience", type=float, default=3600)
    size = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        return _run(size.entries, size.patience, Path(folder) / "pauses")


def _run(entries: int, patience: float, pauses: Path) -> int:
    pauses.touch()
    with standing(REHEARSAL_CLOCK="", LEDGER_GRACE_SECONDS="9", PAUSES=str(pauses)) as rig:
        owe_texts(rig, entries)
        began = time.monotonic()
        for number in range(WORKERS):
            rig.crew.start(f"worker-{number}", Role.PAUSED_WORKER)
        rig.crew.start("clock", Role.CLOCK)
        rig.until_done(patience)
        with rig.world.exchange.lock:
            sent, twice = texts_by_entry(rig.world.state), doubled(rig.world.state)
        missing = entries - len(sent)
        took = time.monotonic() - began
        say(f"{entries} texts, {WORKERS} workers, {pauses.stat().st_size} pauses of 12 s, {took:.0f} s")
        say(f"  missing {missing}, doubled {len(twice)}")
        say(summary(rig.unexplained()))
        return int(bool(missing or twice))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
