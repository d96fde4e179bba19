"""`python -m reliability.frozen`: a worker is stopped for good inside a transaction, while texts come in.

It holds the conversation of one caller; another worker reads on. Every other text has to be in the inbox within five
seconds, those of that caller as soon as the database has ended the transaction (30 seconds), and none twice once the
stopped worker goes on. `--naive` is the control: that worker's connections may stay idle in a transaction for ever.
"""

import argparse
import sys
import time
from collections.abc import Callable
from typing import Final

from sqlalchemy import select, text

from reliability.crew import Role
from reliability.customers import CALLER
from reliability.kills import load_on_a_new_line
from reliability.rig import Rig, say, standing, zeros
from reliability.troubled import FREEZING
from service.inbox.models import Direction, Message

OTHERS_WITHIN: Final = 5.0
HELD_WITHIN: Final = 60.0
"""The database's thirty seconds, the wait until the next try, and some for a machine that is busy."""

AFTERWARDS: Final = 5.0

_IDLE: Final = text("""
    SELECT count(*) FROM pg_stat_activity
    WHERE state = 'idle in transaction' AND state_change < clock_timestamp() - interval '1 second'
""")


def main(arguments: list[str]) -> int:
    """Run and print; the exit code is 0 if every text was read in time and once."""
    parser = argparse.ArgumentParser(prog="python -m reliability.frozen")
    parser.add_argument("--texts", type=int, default=22, help="from others, while the worker is stopped")
    parser.add_argument("--naive", action="store_true")
    size = parser.parse_args(arguments)
    naive = {"NAIVE": "1"} if size.naive else {}
    with standing(REHEARSAL_CLOCK="") as rig:
        rig.crew.start("web", Role.WEB)
        rig.crew.start("frozen", Role.FROZEN_WORKER, **naive)
        number = load_on_a_new_line(rig).number
        rig.world.text(CALLER, number, FREEZING)
        _until(lambda: _is_frozen(rig))
        rig.crew.start("other", Role.WORKER)
        rig.world.text(_phone(0), number, "Are you open?")
        _until(lambda: len(_inbox(rig)) == 1)
        return _report(rig, *_while_frozen(rig, number, size.texts))


def _while_frozen(rig: Rig, number: str, texts: int) -> tuple[int, int]:
    """Send texts of others and one of the caller who is held; how many were not read in time, of each."""
    for caller in range(1, texts + 1):
        rig.world.text(_phone(caller), number, f"Question {caller}")
    rig.world.text(CALLER, number, "Are you still there?")
    began = time.monotonic()
    _wait(lambda: len(_inbox(rig)) == texts + 1, OTHERS_WITHIN)
    late = texts + 1 - len(_inbox(rig))
    say(f"  others were read after {time.monotonic() - began:.1f} s")
    _wait(lambda: len(_inbox(rig)) == texts + 3, HELD_WITHIN)
    held = texts + 3 - len(_inbox(rig)) - late
    say(f"  the two of the caller who was held after {time.monotonic() - began:.1f} s")
    return late, held


def _report(rig: Rig, late: int, held: int) -> int:
    rig.crew.wake("frozen")
    time.sleep(AFTERWARDS)
    came = [one.sid for one in rig.world.state.messages.values() if one.direction == "inbound"]
    kept = _inbox(rig)
    missing = len(set(came) - set(kept))
    return zeros(others_late=late, held_too_long=held, missing=missing, doubled=len(kept) - len(set(kept)))


def _inbox(rig: Rig) -> list[str]:
    with rig.services.sessions() as session:
        return list(session.scalars(select(Message.reference).where(Message.direction == Direction.IN)))


def _is_frozen(rig: Rig) -> bool:
    """Whether a transaction has been idle for a second."""
    with rig.services.sessions() as session:
        return bool(session.scalar(_IDLE))


def _phone(caller: int) -> str:
    return f"+1415555{7000 + caller}"


def _wait(done: Callable[[], bool], patience: float) -> bool:
    until = time.monotonic() + patience
    while not done():
        if time.monotonic() > until:
            return False
        time.sleep(0.1)
    return True


def _until(done: Callable[[], bool]) -> None:
    if not _wait(done, 60):
        raise TimeoutError("the play did not begin")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
