"""`python -m reliability.kills`: SIGKILL to all web processes under load, and crashes of the database.

Texts come in all the while. What was answered with success must be in our rows once, and in the inbox once.
"""

import argparse
import re
import sys
import time
from dataclasses import dataclass
from random import Random
from typing import Final, NamedTuple

from sqlalchemy import func, select

from reliability import database
from reliability.crew import Role
from reliability.customers import a_line, owe_message
from reliability.load import Load
from reliability.rig import Rig, say, standing
from service.inbox.models import Message
from service.lines.inventory import numbers_of
from webhooks.models import Received

SENDERS = 4


@dataclass(frozen=True, slots=True)
class Size:
    """The number of kills of each kind."""

    web: int
    database: int


def main(arguments: list[str]) -> int:
    """Run and print; the exit code is 0 if no text was lost or stored twice."""
    parser = argparse.ArgumentParser(prog="python -m reliability.kills")
    parser.add_argument("--web", type=int, default=200)
    parser.add_argument("--database", type=int, default=50)
    size = Size(**vars(parser.parse_args(arguments)))
    with standing() as rig:
        for name, role in (("web", Role.WEB), ("worker", Role.WORKER), ("clock", Role.CLOCK)):
            rig.crew.start(name, role)
        load = load_on_a_new_line(rig)
        wrong = _cycles(rig, load, "web", size.web) + _cycles(rig, load, "database", size.database)
    return int(bool(wrong))


def load_on_a_new_line(rig: Rig) -> Load:
    """A load of texts to a number that a worker has just bought for a new line. Raises `TimeoutError`."""
    with rig.services.sessions.begin() as session:
        line_id = a_line(session, rig.services).id
    until = time.monotonic() + 60
    while time.monotonic() < until:
        with rig.services.sessions() as session:
            held = [number for number in numbers_of(session, line_id) if number.held_at]
        if held:
            url = rig.services.webhook(rig.services.home, "message")
            return Load(url, held[0].number, rig.environ["TWILIO_AUTH_TOKEN"])
        time.sleep(0.2)
    raise TimeoutError("no number was bought")


def _cycles(rig: Rig, load: Load, what: str, cycles: int) -> int:
    """Kill and restart so many times under load; the number of faults found afterwards."""
    dice, absences = Random(1), list[float]()  # noqa: S311 -- repeatable, not secret
    fresh = load.another()
    fresh.begin(SENDERS)
    for _ in range(cycles):
        time.sleep(dice.uniform(0.3, 1.0))
        began = time.monotonic()
        (_break_web if what == "web" else _break_database)(rig)
        _until_taken(fresh)
        absences.append(time.monotonic() - began)
    fresh.end()
    wrong = _tell(rig, fresh, f"{what}, {cycles} times", absences)
    owe_message(rig.services, load.number, f"after {what}")
    say(f"  a message written afterwards left after {rig.until_done(120):.1f} s")
    return wrong + rig.owed()


def _break_web(rig: Rig) -> None:
    rig.crew.kill_and_restart("web")


def _break_database(rig: Rig) -> None:
    rig.database.crash()
    rig.database.start()
    database.wait_for(rig.database.url)
    rig.crew.replace_the_dead()


def _until_taken(load: Load, patience: float = 60.0) -> None:
    """Wait until another text is answered with success. Raises `TimeoutError`."""
    before, began = len(load.taken), time.monotonic()
    while len(load.taken) == before:
        if time.monotonic() > began + patience:
            raise TimeoutError("nothing is taken any more")
        time.sleep(0.01)


class Compared(NamedTuple):
    """How many texts that were thanked for are in no row, in two, not in the inbox, or not read yet."""

    lost: int
    doubled: int
    missing: int
    unread: int


def compare(rig: Rig, load: Load) -> Compared:
    """Wait until every callback is read, and compare what was thanked for with our rows."""
    unread = _until_read(rig)
    with rig.services.sessions() as session:
        kept = [body.decode() for body in session.scalars(select(Received.body))]
        inbox = list(session.scalars(select(Message.reference).where(Message.reference.in_(load.taken))))
    rows = set(_NAMED.findall(" ".join(kept)))
    doubled = len(kept) - len(set(kept)) + len(inbox) - len(set(inbox))
    return Compared(len(load.taken.keys() - rows), doubled, len(load.taken) - len(set(inbox)), unread)


_NAMED: Final = re.compile(r"\bMessageSid=(\w+)")


def _tell(rig: Rig, load: Load, what: str, absences: list[float]) -> int:
    """Compare and print; the number of faults."""
    began = time.monotonic()
    seen = compare(rig, load)
    say(f"{what}: {len(load.taken)} texts thanked for, {load.repeated} of them sent more than once")
    say(
        f"  lost after a yes {seen.lost}, doubled {seen.doubled}, not in the inbox {seen.missing}, unread {seen.unread}"
    )
    say(f"  all read {time.monotonic() - began:.0f} s after the last text")
    if absences:
        say(f"  taken again after {sorted(absences)[len(absences) // 2]:.1f} s (median), {max(absences):.1f} s at most")
    return seen.lost + seen.doubled + seen.missing


def _until_read(rig: Rig, patience: float = 60.0) -> int:
    """Wait until every stored callback is read; how many are not, if none was read for `patience` seconds."""
    unread, since = _unread(rig), time.monotonic()
    while unread and time.monotonic() < since + patience:
        rig.crew.replace_the_dead()
        time.sleep(0.5)
        if (left := _unread(rig)) < unread:
            unread, since = left, time.monotonic()
    return unread


def _unread(rig: Rig) -> int:
    with rig.services.sessions() as session:
        unread = select(func.count()).select_from(Received).where(Received.read_at.is_(None))
        return session.scalar(unread) or 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
