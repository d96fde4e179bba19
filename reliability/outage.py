"""`python -m reliability.outage`: the carrier is away, in six ways, and comes back; then the service is away.

Texts are owed before and during the carrier's outage, and callbacks come in all the while: how long until everything
owed is done after its return, and what the outage does to the intake. Then no process of ours runs while texts come
in and ports move on: how long until all of them are in the inbox, and every port stands where the carrier has it.
"""

import argparse
import socket
import struct
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from statistics import quantiles
from threading import Event, Thread
from typing import NamedTuple

from sqlalchemy import select

from reliability.audit import doubled, summary
from reliability.crew import Role
from reliability.customers import CALLER, begin_port, owe_message
from reliability.kills import load_on_a_new_line
from reliability.load import Load
from reliability.rig import Rig, say, standing
from service.inbox.models import Direction, Message
from service.porting.models import PortNumber
from service.porting.states import State

KINDS = ("refused", "reset", "black hole", "slow", "503", "429")
CREW = {"web": Role.WEB, "worker": Role.WORKER, "clock": Role.CLOCK}
WANTED_SECONDS = 60
WANTED_RATIO = 1.5
PAUSE = 0.1
"""Seconds between two texts of a sender: slow enough not to measure the machine's limits."""
WANTED_BACK_SECONDS = 300
WRONG_NAME = 22153
AWAY = "While you were away"


@dataclass(frozen=True, slots=True)
class Size:
    """The seconds of each outage, the texts owed in it, and the texts and ports that move on without us."""

    seconds: float
    owed: int
    missed: int
    ports: int


def main(arguments: list[str]) -> int:
    """Run and print; the exit code is 0 if everything was done once and in time."""
    parser = argparse.ArgumentParser(prog="python -m reliability.outage")
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--owed", type=int, default=100)
    parser.add_argument("--missed", type=int, default=500)
    parser.add_argument("--ports", type=int, default=20)
    size = Size(**vars(parser.parse_args(arguments)))
    with standing(
        REHEARSAL_CLOCK="",
        LEDGER_GRACE_SECONDS="",
        PURCHASE_CAP=str(size.ports + 1),
        PURCHASES_PER_DAY=str(size.ports + 1),
    ) as rig:
        for name, role in CREW.items():
            rig.crew.start(name, role)
        load = load_on_a_new_line(rig)
        wrong = [_carrier_away(rig, load, kind, size) for kind in KINDS]
        wrong.append(_we_are_away(rig, load, size))
        rig.until_done(WANTED_SECONDS)
        say(summary(one for one in rig.unexplained() if "never came in" not in one))
    return int(any(wrong))


def _carrier_away(rig: Rig, load: Load, kind: str, size: Size) -> bool:
    """Run one outage of one kind, compared with the minute before it; whether something was wrong."""
    normal = _p99(_loaded(load, max(10.0, size.seconds / 10)))
    seen, before = load.another(), len(doubled(rig.world.state))
    seen.begin(2, PAUSE)
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
    say(f"  doubled {twice}, failures {seen.failures}, intake p99 {ratio:.1f} of the {normal * 1000:.0f} ms before it")
    return took > WANTED_SECONDS or ratio > WANTED_RATIO or bool(twice) or bool(seen.failures)


def _we_are_away(rig: Rig, load: Load, size: Size) -> bool:
    """Stop every process while texts come in and ports move on; whether something of that is missed afterwards."""
    filed = _ports_filed(rig, size.ports)
    for name in CREW:
        rig.crew.kill(name)
    moved = _move_on(rig, filed)
    missed = {rig.world.text(CALLER, load.number, f"{AWAY} {number}").sid for number in range(size.missed)}
    _age_texts(rig)
    rig.world.run_due()
    began = time.monotonic()
    for name in CREW:
        rig.crew.restart(name)
    while not (known := _known(rig, missed, moved)).all and time.monotonic() < began + WANTED_BACK_SECONDS:
        time.sleep(1)
    took = time.monotonic() - began
    say(f"we were away: {known.texts} of {len(missed)} missed texts are in the inbox and {known.ports} of {len(moved)}")
    say(f"  ports stand where the carrier has them {took:.0f} s after the start")
    return not known.all


class Known(NamedTuple):
    """How many texts and ports of the time away are in our rows, and whether that is all of them."""

    texts: int
    ports: int
    all: bool


def _known(rig: Rig, missed: AbstractSet[str], moved: Mapping[str, State]) -> Known:
    with rig.services.sessions() as session:
        states = {(number, state) for number, state in session.execute(select(PortNumber.number, PortNumber.state))}
        texts = set(session.scalars(select(Message.reference).where(Message.direction == Direction.IN))) & missed
    ports = moved.items() & states
    return Known(len(texts), len(ports), len(texts) == len(missed) and len(ports) == len(moved))


def _ports_filed(rig: Rig, count: int) -> list[str]:
    """Begin so many ports and wait until they need a signature; their numbers. Raises `TimeoutError`."""
    numbers = [begin_port(rig, customer) for customer in range(count)]
    until = time.monotonic() + WANTED_BACK_SECONDS
    while time.monotonic() < until:
        with rig.services.sessions() as session:
            waiting = PortNumber.state == State.AWAITING_SIGNATURE
            if len(session.scalars(select(PortNumber.id).where(waiting)).all()) == count:
                return numbers
        time.sleep(0.5)
    raise TimeoutError("the ports were not filed")


def _move_on(rig: Rig, numbers: Sequence[str]) -> dict[str, State]:
    """Sign all; reject every second one and set a date for the others; the states they should have."""
    for number in numbers:
        rig.world.sign(number)
    time.sleep(rig.world.exchange.delays.after_signature.total_seconds() + 1)
    rig.world.run_due()
    for number in numbers[::2]:
        rig.world.reject(number, number, WRONG_NAME)
    for number in numbers[1::2]:
        rig.world.accept(number)
    return dict.fromkeys(numbers, State.SCHEDULED) | dict.fromkeys(numbers[::2], State.ACTION_REQUIRED)


def _age_texts(rig: Rig) -> None:
    """Make the missed texts half an hour old: too old for the carrier's retries and for callbacks that are due."""
    with rig.world.exchange.changing() as carrier:
        for text in carrier.messages.values():
            if text.body.startswith(AWAY):
                text.created = text.updated = text.created - timedelta(minutes=30)
                text.sent = text.created


def _loaded(load: Load, seconds: float) -> Load:
    fresh = load.another()
    fresh.begin(2, PAUSE)
    time.sleep(seconds)
    fresh.end()
    return fresh


def _p99(load: Load) -> float:
    return quantiles(load.taken.values(), n=100)[98]


@contextmanager
def _refused(rig: Rig) -> Iterator[None]:
    rig.line.cut()
    yield
    rig.line.mend()


def _listening(treat: Callable[[socket.socket], None]) -> Callable[[Rig], AbstractContextManager[None]]:
    """Listen at the carrier's address in its place, and treat every connection in one way."""

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
    """Listen at the carrier's address, which is free once its last connection has ended."""
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
    """Reset the connection: SO_LINGER with 0 seconds makes closing do that."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def _say_nothing(_connection: socket.socket) -> None:
    """Accept the request and never answer."""


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
