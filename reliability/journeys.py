"""`python -m reliability.journeys`: ports from the first number to the end, while processes are killed at random.

The clock is wound on; web, workers, clock and now and then the database are killed. In the end every port is
done, nothing was done twice, and the carrier's records agree with our rows.
"""

import argparse
import sys
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from random import Random

from sqlalchemy import select

from reliability import database
from reliability.audit import doubled, summary
from reliability.crew import Role
from reliability.customers import CALLER, begin_port
from reliability.rig import Rig, say, standing
from sandbox.errors import OutOfTurn, Unknown
from sandbox.porting.records import NumberStatus, RequestStatus
from service.porting.models import PortNumber
from service.porting.states import FINAL, State

CREW = {"web": Role.WEB, "worker 1": Role.WORKER, "worker 2": Role.WORKER, "clock": Role.CLOCK}
STRIDE = timedelta(hours=2)
CRASH_EVERY = 15


@dataclass(frozen=True, slots=True)
class Size:
    """The number of ports, and the seconds they may take."""

    journeys: int
    patience: float


def main(arguments: list[str]) -> int:
    """Run and print; the exit code is 0 if every port was completed and nothing was done twice."""
    parser = argparse.ArgumentParser(prog="python -m reliability.journeys")
    parser.add_argument("--journeys", type=int, default=200)
    parser.add_argument("--patience", type=float, default=3600)
    size = Size(**vars(parser.parse_args(arguments)))
    with standing(
        PURCHASE_CAP=str(size.journeys), PURCHASES_PER_DAY=str(size.journeys), LEDGER_GRACE_SECONDS="5"
    ) as rig:
        for name, role in CREW.items():
            rig.crew.start(name, role)
        for number in range(size.journeys):
            begin_port(rig, number)
        began = time.monotonic()
        crashes = _play(rig, size, began)
        settled = _settle(rig)
        return _tell(rig, size, crashes, time.monotonic() - began, settled=settled)


def _play(rig: Rig, size: Size, began: float) -> int:
    """Wind the clock, play the other side, and kill processes; how many times the database crashed."""
    dice, crashes, turn = Random(1), 0, 0  # noqa: S311 -- repeatable, not secret
    while _on_their_way(rig) and time.monotonic() < began + size.patience:
        turn += 1
        rig.world.clock.jump(STRIDE if _all_filed(rig) else timedelta(seconds=1))
        _other_side(rig)
        time.sleep(dice.uniform(0.5, 1.5))
        rig.crew.kill_and_restart(dice.choice(list(CREW)))
        if turn % CRASH_EVERY == 0:
            rig.database.crash()
            rig.database.start()
            database.wait_for(rig.database.url)
            crashes += 1
        rig.crew.replace_the_dead()
        if turn % CRASH_EVERY == 0:
            say(f"  {_counted(_states(rig))}, {rig.crew.killed} kills, {crashes} crashes")
    return crashes


def _other_side(rig: Rig) -> None:
    """Sign the orders that wait for a signature; call and text the numbers that were just ported."""
    for order in list(rig.world.state.port_ins.values()):
        for number in order.numbers:
            with suppress(OutOfTurn, Unknown):  # signed a moment ago; not shown by the carrier yet
                if order.status is RequestStatus.WAITING_FOR_SIGNATURE:
                    rig.world.sign(order.sid, "Alice Baker")
                elif number.status is NumberStatus.COMPLETED and _is(rig, number.phone_number, State.PORTED):
                    rig.world.call(CALLER, number.phone_number)
                    rig.world.text(CALLER, number.phone_number, "Are you open?", media=["image/jpeg"])


def _settle(rig: Rig, patience: float = 300.0) -> bool:
    """Stop killing and wait; whether everything owed is done, and what was missed is caught up with.

    Every two minutes the service asks its carrier for what came in while it did not answer.
    """
    began = time.monotonic()
    while (rig.owed() or rig.unexplained()) and time.monotonic() < began + patience:
        rig.crew.replace_the_dead()
        time.sleep(2)
    say(f"  settled {time.monotonic() - began:.0f} s after the last kill")
    return not rig.owed()


def _tell(rig: Rig, size: Size, crashes: int, took: float, *, settled: bool) -> int:
    states, twice, unexplained = _states(rig), doubled(rig.world.state), rig.unexplained()
    say(f"{size.journeys} journeys, {rig.crew.killed} kills with SIGKILL, {crashes} crashes of the database")
    say(f"  ended {_counted(states)}, doubled {len(twice)}, everything owed is done: {settled}; {took:.0f} s")
    say(summary(unexplained))
    return int(states != Counter({State.LIVE: size.journeys}) or bool(twice) or bool(unexplained))


def _counted(states: Counter[State]) -> str:
    return ", ".join(f"{count} {state}" for state, count in states.items())


def _states(rig: Rig) -> Counter[State]:
    with rig.services.sessions() as session:
        return Counter(session.scalars(select(PortNumber.state)))


def _on_their_way(rig: Rig) -> int:
    return sum(count for state, count in _states(rig).items() if state not in FINAL)


def _all_filed(rig: Rig) -> bool:
    return _states(rig)[State.SUBMITTING] == 0


def _is(rig: Rig, number: str, state: State) -> bool:
    with rig.services.sessions() as session:
        return session.scalar(select(PortNumber.state).where(PortNumber.number == number)) is state


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
