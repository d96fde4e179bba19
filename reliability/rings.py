"""`python -m reliability.rings`: callers for whom groups of phones ring, while workers are killed.

The phones are picked up after a while, taken, declined, left to ring, busy, or answered by their voicemail, by the
dice; two people accept in the same second now and then. Callbacks are lost, doubled and late, the carrier is slow,
throttles, and loses orders and its answers to them. What is counted comes from the carrier's own books.
"""

import argparse
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from random import Random
from statistics import median
from typing import Final
from urllib.parse import urlsplit

from sqlalchemy import select

from reliability.crew import Role
from reliability.customers import a_line
from reliability.rig import Rig, say, standing, zeros
from sandbox.calls.records import Call
from service.callback_addresses import read
from service.calls.changing import keep
from service.calls.legs.models import Leg, Ringing
from service.calls.nodes import RingPhones, usual
from service.lines.models import Phone, PhoneNumber, Standing

LINES: Final = 40
"""A line is called again after the thirty-nine others, when its call before is over."""

PHONES: Final = 4
SECONDS: Final = 20
ANSWERS: Final = ("press:1", "press:1", "press:1", "press:2", "answer", "voicemail", "no-answer", "busy")
FAULTS: Final[Mapping[str, Mapping[str, float]]] = {
    "*/Calls.json": {"lose-after": 0.05, "lose-before": 0.02, "throttle": 0.05, "slow": 0.1, "error": 0.02},
    "*/call-status*": {"drop": 0.1, "double": 0.1, "delay": 0.1, "reorder": 0.1},
}
"""How often each fault strikes on each path."""

LATE_SECONDS: Final = 2.0
"""So late are slow answers and delayed callbacks."""

STOPS_WITHIN: Final = 15.0
"""Seconds after which a phone rings on that another one's owner has taken the call from: what a killed worker was to do
is chased every five seconds, and the carrier may be slow."""


@dataclass(frozen=True, slots=True)
class Size:
    """The number of calls, the seconds between two, and those between two kills; `seed` draws others."""

    calls: int
    every: float
    kills_every: float
    seed: int


CREW: Final = {"web": Role.WEB, "worker 1": Role.WORKER, "worker 2": Role.WORKER, "clock": Role.CLOCK}


def main(arguments: list[str]) -> int:
    """Run and print; the exit code is 0 if no caller was lost, cut off or connected twice, and no phone rang on."""
    parser = argparse.ArgumentParser(prog="python -m reliability.rings")
    parser.add_argument("--calls", type=int, default=500)
    parser.add_argument("--every", type=float, default=1.0)
    parser.add_argument("--kills-every", type=float, default=4.0)
    parser.add_argument("--seed", type=int, default=1)
    size = Size(**vars(parser.parse_args(arguments)))
    with standing(REHEARSAL_CLOCK="", CALLS_PER_SECOND="10", PURCHASE_CAP="99", PURCHASES_PER_DAY="99") as rig:
        for name, role in CREW.items():
            rig.crew.start(name, role)
        groups = _groups(rig)
        for path, kinds in FAULTS.items():
            for kind, rate in kinds.items():
                rig.world.faults.add(kind, path=path, rate=rate, seconds=LATE_SECONDS)
        began = time.monotonic()
        calls = _play(rig, size, groups)
        rig.world.faults.clear()
        _until_over(rig)
        say(f"{len(calls)} calls, {rig.crew.killed} kills with SIGKILL, {time.monotonic() - began:.0f} s")
        return _tell(rig, calls)


def _groups(rig: Rig) -> list[str]:
    """The numbers (E.164) of lines that each have phones of their own."""
    with rig.services.sessions.begin() as session:
        line_ids = [a_line(session, rig.services).id for _ in range(LINES)]
    say(f"  {LINES} numbers bought in {rig.until_done(120):.0f} s")
    with rig.services.sessions.begin() as session:
        held = select(PhoneNumber).where(PhoneNumber.line_id.in_(line_ids), PhoneNumber.standing == Standing.HELD)
        numbers = session.scalars(held.order_by(PhoneNumber.id)).all()
        for at, number in enumerate(numbers):
            session.add_all(Phone(line_id=number.line_id, number=phone, position=0) for phone in _phones(at))
            session.flush()
            ring = {"ring": RingPhones("message", seconds=SECONDS)}
            keep(session, number.line, replace(usual(), nodes={**usual().nodes, **ring}))
        return [number.number for number in numbers]


def _phones(group: int) -> list[str]:
    return [f"+1415555{6000 + group * PHONES + phone}" for phone in range(PHONES)]


def _play(rig: Rig, size: Size, groups: list[str]) -> list[Call]:
    """Call the groups in turn; now and then a worker or the clock is killed, and started again at once."""
    dice, calls, killed = Random(size.seed), list[Call](), time.monotonic()  # noqa: S311 -- repeatable, not secret
    for turn in range(size.calls):
        group = turn % len(groups)
        for phone in _phones(group):
            rig.world.phone(phone, answers=f"{dice.choice(ANSWERS)} after {dice.randint(1, 25)}")
        patience = dice.choice([120, 120, dice.randint(1, SECONDS)])
        calls.append(rig.world.call(f"+1212555{1000 + turn}", groups[group], says="Two rye loaves.", patience=patience))
        if time.monotonic() > killed + size.kills_every:
            rig.crew.kill_and_restart(dice.choice(list(CREW)[1:]))
            killed = time.monotonic()
        time.sleep(size.every)
    return calls


def _until_over(rig: Rig, patience: float = 180.0) -> None:
    """Wait until every call at the carrier has ended."""
    until = time.monotonic() + patience
    while any(not call.ended for call in _all(rig)) and time.monotonic() < until:
        rig.crew.replace_the_dead()
        time.sleep(1)


def _all(rig: Rig) -> list[Call]:
    with rig.world.exchange.lock:
        return list(rig.world.state.calls.values())


def _tell(rig: Rig, calls: list[Call]) -> int:
    talked, left, gone = ([call for call in calls if has(call)] for has in (_talks, _left_a_message, _hung_up))
    known = {call.sid for group in (talked, left, gone) for call in group}
    legs = [call for call in _all(rig) if call.direction == "outbound-api"]
    again = sum(len(_talks(call)) > len(_rooms(call)) for call in calls)
    lateness = _rung_after_it_was_taken(rig, legs)
    say(f"  {len(talked)} talked, {len(left)} left a message, {len(gone)} hung up first; {len(legs)} legs")
    say(f"  {again} were led into their room a second time, as our request and the carrier's crossed")
    if lateness:
        middle, most = median(lateness), max(lateness)
        say(f"  phones stopped ringing {middle:.1f} s (median), {most:.1f} s at most after the call was taken")
    return zeros(
        callers_lost=sum(call.sid not in known for call in calls),
        talks_cut_off=sum(call in talked for call in left),
        connected_twice=sum(len(_rooms(call)) > 1 for call in [*calls, *legs]),
        phones_that_rang_on=sum(late > STOPS_WITHIN for late in lateness),
        calls_that_never_ended=sum(not call.ended for call in _all(rig)),
    )


def _talks(call: Call) -> list[str]:
    """Each time that the call was put through to somebody: in which room, or on which phone."""
    return [words for words in call.transcript if words.startswith(("talks in the conference", "talks with"))]


def _rooms(call: Call) -> set[str]:
    """The rooms and phones in which the call was put through; each is one person's."""
    return set(_talks(call))


def _left_a_message(call: Call) -> bool:
    return any(words.startswith("records") for words in call.transcript)


def _hung_up(call: Call) -> bool:
    """Whether the caller hung up while it rang."""
    return not _talks(call) and not _left_a_message(call) and "the caller hangs up" in call.transcript


def _rung_after_it_was_taken(rig: Rig, legs: list[Call]) -> list[float]:
    """For how many seconds each phone went on ringing after another one had taken the call."""
    with rig.services.sessions() as session:
        groups = select(Leg.tag, Ringing.taken_at).join(Leg.ringing).where(Leg.id != Ringing.taken_by)
        taken = {tag: at for tag, at in session.execute(groups)}  # noqa: C416 -- rows are no tuples
    rung = [(taken.get(read(urlsplit(leg.orders["url"]).query).leg), leg.started or leg.ended) for leg in legs]
    return [(until - since).total_seconds() for since, until in rung if since and until and until > since]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
