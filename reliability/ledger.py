"""`python -m reliability.ledger`: entries at a carrier that loses and refuses, done by workers who are killed.

Every tenth answer of the carrier is lost after the work was done, every tenth request is turned away, and workers are
killed with SIGKILL all the while. Nothing may be missing in the end, and nothing may be there twice. `--naive` is the
control: the same without looking at the carrier before sending again, which has to fail.
"""

import argparse
import random
import sys
import time
from dataclasses import dataclass

from sqlalchemy import select

from reliability.audit import doubled, summary, texts_by_entry
from reliability.crew import Role
from reliability.customers import a_notified_project, owe_notices
from reliability.rig import Rig, say, standing
from service.ledger.models import LedgerEntry, Progress

TEXTS = {"twilio": "*/Messages.json", "telnyx": "*/v2/messages"}
"""Where texts are handed to each carrier."""

AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Size:
    """How large a run is: `patience` is how many seconds it may take."""

    entries: int
    kills: int
    nodes: int
    naive: bool
    seed: int
    patience: float
    carrier: str


def main(arguments: list[str]) -> int:
    """Run and print; the exit code is 0 if no text is missing and none was sent twice."""
    size = _size(arguments)
    # leases must outlast a slow answer of the carrier; the control has no grace, as it has no look
    grace = "0" if size.naive else "10"
    with standing(REHEARSAL_CLOCK="", LEDGER_GRACE_SECONDS=grace, CARRIERS=size.carrier) as rig:
        _owe_texts(rig, size.entries)
        rig.world.faults.seed(size.seed)
        rig.world.faults.add("lose-after", path=TEXTS[size.carrier], rate=0.1)
        rig.world.faults.add("throttle", path=TEXTS[size.carrier], rate=0.1)
        began = time.monotonic()
        _work_under_kills(rig, size)
        took = time.monotonic() - began
        rig.world.faults.clear()
        return _tell(rig, size, took)


def _size(arguments: list[str]) -> Size:
    parser = argparse.ArgumentParser(prog="python -m reliability.ledger")
    parser.add_argument("--entries", type=int, default=10_000)
    parser.add_argument("--kills", type=int, default=1_000)
    parser.add_argument("--nodes", type=int, default=1)
    parser.add_argument("--naive", action="store_true")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--patience", type=float, default=7200)
    parser.add_argument("--carrier", choices=TEXTS, default="twilio")
    return Size(**vars(parser.parse_args(arguments)))


def _owe_texts(rig: Rig, count: int) -> None:
    project = a_notified_project(rig)
    for first in range(0, count, AT_ONCE):
        owe_notices(rig, project, range(first, min(first + AT_ONCE, count)))


def _work_under_kills(rig: Rig, size: Size) -> None:
    """Spread the kills over the work: one each time so many entries are done, at a random moment."""
    dice = random.Random(size.seed)  # noqa: S311 -- repeatable, not secret
    nodes = [f"node {number}" for number in range(size.nodes)]
    for node in nodes:
        rig.crew.start(node, Role.NAIVE_WORKER if size.naive else Role.WORKER)
    rig.crew.start("clock", Role.CLOCK)
    rig.crew.start("web", Role.WEB)  # news of a text settles what a carrier's log cannot tell
    until = time.monotonic() + size.patience
    while (owed := rig.owed()) and time.monotonic() < until:
        time.sleep(dice.uniform(0.02, 0.2))
        if rig.crew.killed < size.kills * (1 - owed / size.entries) + 1:
            rig.crew.kill_and_restart(dice.choice(nodes))
            time.sleep(dice.uniform(0.2, 0.8))
        if rig.crew.killed % 50 == 0:
            say(f"  {size.entries - owed} of {size.entries} done, {rig.crew.killed} kills")


def _tell(rig: Rig, size: Size, took: float) -> int:
    with rig.world.exchange.lock:
        sent, twice = texts_by_entry(rig.world.state), doubled(rig.world.state)
    progress = rig.progress()
    unclear = _unclear(rig) - sent.keys()
    missing = size.entries - len(sent) - len(unclear)
    how = "sent again without looking" if size.naive else "looked for before sending again"
    say(f"{size.entries} texts, {size.nodes} node(s), {rig.crew.killed} kills with SIGKILL, {took:.0f} s; {how}")
    share = len(twice) / size.entries
    say(f"  missing {missing}, doubled {len(twice)} ({share:.1%}), parked {progress[Progress.PARKED]}")
    if unclear:
        say(f"  unclear {len(unclear)}: the carrier cannot tell whether they left, so they are not sent again")
    if not size.naive:
        say(summary(rig.unexplained()))
    return int(bool(missing or twice))


def _unclear(rig: Rig) -> set[str]:
    """Tags of the entries of which no answer came, and no look told anything."""
    with rig.services.sessions() as session:
        return set(session.scalars(select(LedgerEntry.tag).where(LedgerEntry.progress == Progress.TRYING)))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
