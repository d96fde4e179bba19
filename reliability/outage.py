"""`python -m reliability.outage`: the carrier is away, in six ways, and comes back; then we are.

Texts are owed before and during the carrier's outage, and callbacks come in all the while: how long until everything
owed is done after its return, and what the outage does to the intake. Then nobody of ours runs while texts come in:
how long until all of them are in the inbox.
"""

import argparse
import socket
import struct
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from statistics import quantiles
from threading import Event, Thread

from sqlalchemy import select

from reliability.audit import doubled, summary
from reliability.crew import Role
from reliability.customers import CALLER, owe_message
from reliability.kills import load_on_a_new_line
from reliability.load import Load
from reliability.rig import Rig, say, standing
from service.inbox.models import Direction, Message

KINDS = ("refused", "reset", "black hole", "slow", "503", "429")
CREW = {"web": Role.WEB, "worker": Role.WORKER, "clock": Role.CLOCK}
WANTED_SECONDS = 60
AWAY = "While you were away"


@dataclass(frozen=True, slots=True)
class Size:
    """How long the carrier is away in each kind, how many texts are owed meanwhile, how many come in without us."""

    seconds: float
    owed: int
    missed: int


def main(arguments: list[str]) -> int:
    """Run, tell, and say by the exit code whether all was done in time, once."""
    parser = argparse.ArgumentParser(prog="python -m reliability.outage")
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--owed", type=int, default=100)
    parser.add_argument("--missed", type=int, default=500)
    size = Size(**vars(parser.parse_args(arguments)))
    with standing(REHEARSAL_CLOCK="", LEDGER_GRACE_SECONDS="") as rig:
        for name, role in CREW.items():
            rig.crew.start(name, role)
        load = load_on_a_new_line(rig)
        normal = _p99(_loaded(load, 10))
        say(f"intake on a good day: p99 {normal * 1000:.0f} ms")
        wrong = [_carrier_away(rig, load, kind, size, normal) for kind in KINDS]
        wrong.append(_we_are_away(rig, load, size))
        say(summary(one for one in rig.unexplained() if "never came in" not in one))
    return int(any(wrong))


def _carrier_away(rig: Rig, load: Load, kind: str, size: Size, normal: float) -> bool:
    """One outage of one kind; whether something was wrong."""
    seen, before = load.another(), len(doubled(rig.world.state))
    seen.begin(2)
    with _AWAY[kind](rig):
        began = time.monotonic()
        for number in range(size.owed):
            owe_message(rig.services, load.number, f"{kind} {number}")
            time.sleep(size.seconds / size.owed)
        time.sleep(max(0.0, began + size.seconds - time.monotonic()))
    seen.end()
    took = rig.until_done(300)
    ratio, twice = _p99(seen) / normal, len(doubled(rig.world.state)) - before
    say(f"carrier away for {size.seconds:.0f} s, {kind}: all {size.owed} done {took:.0f} s after its return")
    say(f"  doubled {twice}, intake p99 {ratio:.1f} times that of a good day, failures {seen.failures}")
    return took > WANTED_SECONDS or bool(twice) or bool(seen.failures)


def _we_are_away(rig: Rig, load: Load, size: Size) -> bool:
    """Texts come in while nobody of ours runs; whether one of them is not in the inbox soon after."""
    for name in CREW:
        rig.crew.kill(name)
    missed = {rig.world.text(CALLER, load.number, f"{AWAY} {number}").sid for number in range(size.missed)}
    _age_texts(rig)
    rig.world.run_due()
    began = time.monotonic()
    for name in CREW:
        rig.crew.restart(name)
    while (back := len(missed & _texts_in(rig))) < size.missed and time.monotonic() < began + 300:
        time.sleep(1)
    took = time.monotonic() - began
    say(f"we were away: {back} of {size.missed} missed texts are in the inbox {took:.0f} s after the start")
    return back != size.missed


def _age_texts(rig: Rig) -> None:
    """They came half an hour ago: the carrier's retries are over, and so is the time in which a callback may be due."""
    with rig.world.exchange.changing() as carrier:
        for text in carrier.messages.values():
            if text.body.startswith(AWAY):
                text.created = text.updated = text.created - timedelta(minutes=30)
                text.sent = text.created


def _loaded(load: Load, seconds: float) -> Load:
    fresh = load.another()
    fresh.begin(2)
    time.sleep(seconds)
    fresh.end()
    return fresh


def _p99(load: Load) -> float:
    return quantiles(load.taken.values(), n=100)[98]


def _texts_in(rig: Rig) -> set[str | None]:
    with rig.services.sessions() as session:
        return set(session.scalars(select(Message.reference).where(Message.direction == Direction.IN)))


@contextmanager
def _refused(rig: Rig) -> Iterator[None]:
    rig.line.cut()
    yield
    rig.line.mend()


def _listening(treat: Callable[[socket.socket], None]) -> Callable[[Rig], AbstractContextManager[None]]:
    """Somebody who is not the carrier listens at its address, and treats every connection in one way."""

    @contextmanager
    def away(rig: Rig) -> Iterator[None]:
        rig.line.cut()
        over = Event()
        with _at_its_address(rig.line.port) as listening:
            listening.settimeout(0.1)
            accepting = Thread(target=_accept, args=[listening, treat, over])
            accepting.start()
            yield
            over.set()
            accepting.join()
        rig.line.mend()

    return away


def _at_its_address(port: int, patience: float = 30.0) -> socket.socket:
    """The address is free again once the last connection to the carrier has ended."""
    until = time.monotonic() + patience
    while True:
        try:
            return socket.create_server(("127.0.0.1", port))
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)


def _accept(listening: socket.socket, treat: Callable[[socket.socket], None], over: Event) -> None:
    held = []
    while not over.is_set():
        try:
            connection, _ = listening.accept()
        except TimeoutError:
            continue
        treat(connection)
        held.append(connection)
    for connection in held:
        connection.close()


def _reset(connection: socket.socket) -> None:
    """A reset instead of an answer: closing with nothing to linger for."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def _say_nothing(_connection: socket.socket) -> None:
    """The request is taken, and nothing ever comes back."""


def _fault(kind: str, **how: float) -> Callable[[Rig], AbstractContextManager[None]]:
    @contextmanager
    def away(rig: Rig) -> Iterator[None]:
        rig.world.faults.add(kind, seconds=how.get("seconds", 0.0))
        yield
        rig.world.faults.clear()

    return away


_AWAY = {
    "refused": _refused,
    "reset": _listening(_reset),
    "black hole": _listening(_say_nothing),
    "slow": _fault("slow", seconds=30),
    "503": _fault("outage"),
    "429": _fault("throttle"),
}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
