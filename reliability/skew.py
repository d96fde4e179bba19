"""`python -m reliability.skew`: machines with wrong clocks, and a carrier that loses every second answer.

What is owed is written down by machines whose clocks are ten minutes and 45 seconds ahead and behind. First only a
worker ten minutes off runs, which has to do nothing. Then one 45 seconds ahead and one 45 seconds behind do the work
and look for what was lost. `--naive` is the control: its workers look since the time that the row tells, which has to
fail.
"""

import argparse
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Final

from sqlalchemy import select

from reliability.audit import doubled
from reliability.crew import Role
from reliability.customers import a_notified_project, begin_port, owe_notices
from reliability.rig import Rig, say, standing, zeros
from service import time as service_time
from service.alerts import Alert, AlertKind
from service.ledger.models import LedgerEntry, Progress
from service.schedule.chase_overdue import chase_entries

FAR, NEAR = 600, 45
LOST: Final = ("*/Messages.json", "*/PortIn", "*/IncomingPhoneNumbers.json")
PATIENCE: Final = 180.0


def main(arguments: list[str]) -> int:
    """Run and print; the exit code is 0 if everything was done once, and nothing by the machine that is far off."""
    parser = argparse.ArgumentParser(prog="python -m reliability.skew")
    parser.add_argument("--customers", type=int, default=3, help="for each of the four clocks")
    parser.add_argument("--naive", action="store_true")
    size = parser.parse_args(arguments)
    with standing(REHEARSAL_CLOCK="", LEDGER_GRACE_SECONDS="4", PURCHASES_PER_DAY="100") as rig:
        for path in LOST:
            rig.world.faults.add("lose-after", path=path, rate=0.5)
        for turn, seconds in enumerate((-FAR, -NEAR, NEAR, FAR)):
            with _on_a_machine(seconds):
                _owe(rig, range(turn * size.customers, (turn + 1) * size.customers))
        owed = rig.owed()
        begun = _by_one_far_off(rig)
        for seconds in (-NEAR, NEAR):
            skew = {"SKEW_SECONDS": str(seconds)} | ({"NAIVE": "1"} if size.naive else {})
            rig.crew.start(f"worker {seconds}", Role.SKEWED_WORKER, **skew)
        took = _work(rig)
        say(f"{owed} entries written down by four machines, every second answer lost, {took:.0f} s")
        return _report(rig, begun)


@contextmanager
def _on_a_machine(seconds: int) -> Iterator[None]:
    """What is written down in the block has the times of a machine that is so far ahead."""
    service_time.use_clock(lambda: service_time.real_time() + timedelta(seconds=seconds))
    yield
    service_time.use_clock(service_time.real_time)


def _owe(rig: Rig, customers: range) -> None:
    for customer in customers:
        begin_port(rig, customer)
    owe_notices(rig, a_notified_project(rig), range(10 * customers.start, 10 * customers.stop))


def _by_one_far_off(rig: Rig, patience: float = 60.0) -> int:
    """Run only a worker that is ten minutes ahead until operators are alerted, and a little longer; what it began.

    Raises `TimeoutError` if nobody is alerted.
    """
    rig.crew.start("far off", Role.SKEWED_WORKER, SKEW_SECONDS=str(FAR))
    until = time.monotonic() + patience
    while not _alerts(rig):
        if time.monotonic() > until:
            raise TimeoutError("nobody was alerted to a clock that is far off")
        time.sleep(0.2)
    time.sleep(5)
    with rig.services.sessions() as session:
        return len(session.scalars(select(LedgerEntry.id).where(LedgerEntry.tries > 0)).all())


def _alerts(rig: Rig) -> list[str]:
    with rig.services.sessions() as session:
        return list(session.scalars(select(Alert.about).where(Alert.kind == AlertKind.CLOCK_FAR_OFF)))


def _work(rig: Rig) -> float:
    began = time.monotonic()
    while rig.owed() and time.monotonic() < began + PATIENCE:
        time.sleep(0.5)
        rig.crew.replace_the_dead()
        chase_entries(rig.services)
    return time.monotonic() - began


def _report(rig: Rig, begun: int) -> int:
    with rig.world.exchange.lock:
        twice = doubled(rig.world.state)
    for sentence in twice[:10]:
        say(f"    {sentence}")
    parked = rig.progress()[Progress.PARKED]
    return zeros(begun_by_the_one_far_off=begun, doubled=len(twice), still_owed=rig.owed(), parked=parked)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
