"""`python -m reliability.pauses`: workers that are stopped with SIGSTOP for longer than a lease, at every point.

Every few seconds each worker is stopped at a point that is drawn, with whatever its other threads are at, and goes on
two seconds after its leases are over. The others take its entries over meanwhile: texts and numbers, a few a second.
Nothing may be missing in the end, and nothing done twice. `--naive` is the control: its workers send however late it
is, which has to fail.
"""

import argparse
import sys
import tempfile
import time
from collections import Counter
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Final

from sqlalchemy import func, select, text

from reliability.audit import doubled, texts_by_entry
from reliability.crew import Role
from reliability.customers import a_line, a_notified_project, owe_notices
from reliability.rig import Rig, say, standing, zeros
from service.alerts import Alert, AlertKind
from service.ledger.models import EntryKind, LedgerEntry, Progress
from service.ledger.queries import overdue
from service.schedule.chase_overdue import chase_entries

TICK: Final = 0.5
"""Seconds between looks for leases that are over; the clock process looks every twenty."""

TEXTS_A_TICK: Final = 3
TICKS_A_NUMBER: Final = 20
MOST_NUMBERS: Final = 300
PATIENCE: Final = 180.0
"""Seconds for what is still owed once no more is added."""

_SHARES: Final = (0.5, 0.99, 1)
_WAITED: Final = func.extract("epoch", LedgerEntry.settled_at - LedgerEntry.owed_at)
_LATE_ANSWERS: Final = text("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'judge_late_answer'")


def main(arguments: list[str]) -> int:
    """Run and print; the exit code is 0 if nothing is missing and nothing was done twice."""
    parser = argparse.ArgumentParser(prog="python -m reliability.pauses")
    parser.add_argument("--pauses", type=int, default=2_000)
    parser.add_argument("--workers", type=int, default=20)
    parser.add_argument("--grace", type=int, default=3, help="seconds of a lease")
    parser.add_argument("--minutes", type=float, default=60, help="it ends then, however many pauses there were")
    parser.add_argument("--naive", action="store_true")
    size = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        noted = Path(folder) / "stops"
        noted.touch()
        return _run(size, noted)


def _run(size: argparse.Namespace, noted: Path) -> int:
    stops = {"STOPS": str(noted), "STOP_SECONDS": str(size.grace + 2)} | ({"NAIVE": "1"} if size.naive else {})
    caps = {"PURCHASE_CAP": "1000", "PURCHASES_PER_DAY": "1000"}
    with standing(REHEARSAL_CLOCK="", LEDGER_GRACE_SECONDS=str(size.grace), **caps) as rig:
        for number in range(size.workers):
            rig.crew.start(f"worker-{number}", Role.STOPPED_WORKER, **stops)
        began, leases = time.monotonic(), set[str]()
        _owe_all_the_while(rig, size, noted, leases)
        until = time.monotonic() + PATIENCE
        while (rig.owed() or _judging(rig)) and time.monotonic() < until:
            _tick(rig, leases)
        say(f"{size.workers} workers, stopped {size.grace + 2} s at a time, {time.monotonic() - began:.0f} s")
        return _report(rig, Counter(noted.read_text().split()), len(leases))


def _owe_all_the_while(rig: Rig, size: argparse.Namespace, noted: Path, leases: set[str]) -> None:
    project, until = a_notified_project(rig), time.monotonic() + size.minutes * 60
    for turn in count():
        if len(noted.read_text().split()) >= size.pauses or time.monotonic() > until:
            return
        owe_notices(rig, project, range(turn * TEXTS_A_TICK, (turn + 1) * TEXTS_A_TICK))
        if turn % TICKS_A_NUMBER == 0 and turn < MOST_NUMBERS * TICKS_A_NUMBER:
            with rig.services.sessions.begin() as session:
                a_line(session, rig.services)
        _tick(rig, leases)


def _tick(rig: Rig, leases: set[str]) -> None:
    """Offer what is overdue once more; the leases of what was being tried have run out."""
    time.sleep(TICK)
    rig.crew.replace_the_dead()
    grace = timedelta(seconds=rig.services.settings.ledger_grace_seconds)
    with rig.services.sessions() as session:
        leases |= {str(entry.lease) for entry in overdue(session, grace) if entry.progress is Progress.TRYING}
    chase_entries(rig.services)


def _judging(rig: Rig) -> int:
    """How many answers that came late wait to be judged."""
    with rig.services.sessions() as session:
        return session.scalar(_LATE_ANSWERS) or 0


def _report(rig: Rig, stops: Counter[str], leases: int) -> int:
    with rig.world.exchange.lock:
        sent, twice = texts_by_entry(rig.world.state), doubled(rig.world.state)
    with rig.services.sessions() as session:
        kinds = Counter(session.scalars(select(LedgerEntry.kind)))
        late = session.scalar(select(func.count()).where(Alert.kind == AlertKind.DONE_TWICE)) or 0
        waited = session.execute(select(*[func.percentile_cont(one).within_group(_WAITED) for one in _SHARES])).one()
    texts, numbers = kinds[EntryKind.SEND_TEXT], kinds[EntryKind.BUY_NUMBER]
    say(f"  {stops.total()} pauses: {', '.join(f'{times} {point}' for point, times in sorted(stops.items()))}")
    say(f"  {texts} texts, {numbers} numbers; {leases} leases ran out")
    say("  done after {:.1f} s (median), {:.0f} s (p99), {:.0f} s at most".format(*waited))
    for sentence in twice[:10]:
        say(f"    {sentence}")
    return zeros(missing=texts - len(sent), still_owed=rig.owed(), doubled=len(twice), told_as_done_twice=late)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
