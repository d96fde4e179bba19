"""`python -m reliability.failover`: the database's leader dies, again and again, while people text and sign up.

Two PostgreSQL nodes under Patroni replicate synchronously (`reliability/cluster.py`). Each time the leader dies, with
its network, a second after the standby was cut off from it; then the leader is cut off and runs on. What was thanked
for, or said to be done, must be there once. `--naive` is the control, in which a commit does not wait for the standby.
"""

import argparse
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from statistics import median
from threading import Event, Thread
from typing import Final, NamedTuple

from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnection

from reliability import cluster, networks
from reliability.audit import doubled
from reliability.crew import Role
from reliability.customers import a_line, owe_message, until_all_can_text
from reliability.kills import compare, load_on_a_new_line
from reliability.load import Load
from reliability.rig import Rig, say, skipped, standing_on, zeros
from service.lines.models import PhoneNumber
from service.schedule.leader import is_leading

CREW: Final = {
    "web": Role.WEB,
    "worker": Role.WORKER,
    "clock": Role.CLOCK,
    "another clock": Role.CLOCK,
    "live": Role.LIVE,
}
SENDERS: Final = 4
PAUSE: Final = 1.0
"""Seconds between two texts of a sender: what is measured is not the machine's limits."""

BACK_WITHIN: Final = 15.0
PATIENCE: Final = 120.0
CALM: Final = 3.0
"""Seconds between two deaths in which all is well."""

TEXTS_PER_CUSTOMER: Final = 10
_WORDS: Final = "Text of this play, number"
_AWAY: Final = (DBAPIError, NoConnection)


@dataclass
class Journeys:
    """Texts that people write, and customers who sign up; what the database said yes to, and when each began."""

    rig: Rig
    number: str
    texts: dict[str, float] = field(default_factory=dict)
    lines: list[int] = field(default_factory=list)
    _over: Event = field(default_factory=Event)
    _thread: Thread | None = None

    def begin(self) -> None:
        """Begin: a text about twice a second, and a customer after every ten."""
        self._thread = Thread(target=self._go_on, daemon=True)
        self._thread.start()

    def end(self) -> None:
        """Stop."""
        self._over.set()
        if self._thread:
            self._thread.join(PATIENCE)

    def left_since(self, moment: float) -> bool:
        """Whether a text has left that was written after a moment of `time.monotonic`."""
        sent = {text.body for text in list(self.rig.world.state.messages.values())}
        return any(began > moment and words in sent for words, began in list(self.texts.items()))

    def _go_on(self) -> None:
        number = 0
        while not self._over.wait(0.4):
            number += 1
            with suppress(*_AWAY):  # whoever wrote is told that it went wrong, and writes anew
                self._one(number)

    def _one(self, number: int) -> None:
        began, words = time.monotonic(), f"{_WORDS} {number}"
        owe_message(self.rig.services, self.number, words)
        self.texts[words] = began
        if number % TEXTS_PER_CUSTOMER == 0:
            with self.rig.services.sessions.begin() as session:
                line_id = a_line(session, self.rig.services).id
            self.lines.append(line_id)


class Back(NamedTuple):
    """Seconds after the leader was lost until a callback is thanked for, a text leaves, and a clock leads again."""

    callback: float
    text: float
    clock: float


def main(arguments: list[str]) -> int:
    """Run and print; the exit code is 0 if nothing was lost or done twice and all was back in time."""
    parser = argparse.ArgumentParser(prog="python -m reliability.failover")
    parser.add_argument("--deaths", type=int, default=20)
    parser.add_argument("--cuts", type=int, default=3, help="of the leader from the network, in which it runs on")
    parser.add_argument("--hosts", action="store_true", help="DATABASE_URL names both nodes, instead of haproxy")
    parser.add_argument("--naive", action="store_true")
    size = parser.parse_args(arguments)
    if why := cluster.trouble():
        return skipped(why)
    networks.enter("reliability.failover", arguments)
    with cluster.running() as data:
        if size.naive:
            data.replicate_later()
        caps = dict.fromkeys(("PURCHASE_CAP", "PURCHASES_PER_DAY"), "10000")
        with standing_on(data, data.hosts_url if size.hosts else data.url, REHEARSAL_CLOCK="", **caps) as rig:
            return _play(rig, data, size.deaths, size.cuts)


def _play(rig: Rig, data: cluster.Cluster, deaths: int, cuts: int) -> int:
    for name, role in CREW.items():
        rig.crew.start(name, role)
    load = load_on_a_new_line(rig)
    until_all_can_text(rig)
    journeys = Journeys(rig, load.number)
    load.begin(SENDERS, PAUSE)
    journeys.begin()
    died = [_lose(rig, load, journeys, data.crash) for _ in range(deaths)]
    cut = [_lose(rig, load, journeys, data.part) for _ in range(cuts)]
    load.end()
    journeys.end()
    _tell(f"the leader died {deaths} times", died)
    _tell(f"the leader was cut off {cuts} times", cut)
    return _report(rig, load, journeys, [*died, *cut])


def _lose(rig: Rig, load: Load, journeys: Journeys, lose: Callable[[], None]) -> Back:
    """Lose the leader, wait until all goes on, and put it back as the standby."""
    time.sleep(CALM)
    lose()
    since = time.monotonic()
    with ThreadPoolExecutor(3) as watching:
        callback = watching.submit(_until, lambda: load.asked_at > since, since)
        text = watching.submit(_until, lambda: journeys.left_since(since), since)
        clock = watching.submit(_until, lambda: _a_clock_leads(rig), since)
        back = Back(callback.result(), text.result(), clock.result())
    say("  " + ", ".join(f"{what} after {seconds:.1f} s" for what, seconds in back._asdict().items()))
    rig.database.start()
    return back


def _until(done: Callable[[], bool], since: float) -> float:
    """Wait until it is done; the seconds that took, all of the patience if it never is."""
    while not done() and time.monotonic() < since + PATIENCE:
        time.sleep(0.05)
    return time.monotonic() - since


def _a_clock_leads(rig: Rig) -> bool:
    try:
        with rig.services.sessions() as session:
            return is_leading(session)
    except _AWAY:
        return False


def _tell(what: str, backs: Sequence[Back]) -> None:
    for name, seconds in zip(Back._fields, zip(*backs, strict=True), strict=False):
        say(f"{what}; a {name} again after {median(seconds):.1f} s (median), {max(seconds):.1f} s at most")


def _report(rig: Rig, load: Load, journeys: Journeys, backs: Sequence[Back]) -> int:
    took = rig.until_done(PATIENCE)
    seen, left = compare(rig, load), _missing(rig, journeys)
    with rig.world.exchange.lock:
        twice = [*doubled(rig.world.state), *_sent_twice(rig)]
    say(f"  {len(load.taken)} callbacks thanked for, {load.repeated} sent more than once")
    say(f"  {len(journeys.texts)} texts written, {len(journeys.lines)} customers; all done {took:.0f} s after the last")
    for sentence in [*left, *twice][:10]:
        say(f"    {sentence}")
    return zeros(
        lost=seen.lost,
        not_in_the_inbox=seen.missing,
        doubled=seen.doubled + len(twice),
        missing=len(left),
        still_owed=rig.owed(),
        late=sum(max(back) > BACK_WITHIN for back in backs),
        processes_that_ended=rig.crew.died,
    )


def _missing(rig: Rig, journeys: Journeys) -> list[str]:
    """Texts that did not leave and customers without a number, although the database had said yes."""
    sent = {text.body for text in rig.world.state.messages.values()}
    with rig.services.sessions() as session:
        served = set(session.scalars(select(PhoneNumber.line_id).where(PhoneNumber.held_at.is_not(None))))
    return [
        *(f"{words!r} did not leave" for words in journeys.texts if words not in sent),
        *(f"line {line} has no number" for line in journeys.lines if line not in served),
    ]


def _sent_twice(rig: Rig) -> list[str]:
    """Texts of ours that left twice, in whatever entries."""
    sent = Counter(text.body for text in rig.world.state.messages.values() if text.body.startswith(_WORDS))
    return [f"{words!r} left {times} times" for words, times in sent.items() if times > 1]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
