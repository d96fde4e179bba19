"""`python -m reliability.restore`: a backup of ten minutes ago is restored, by the runbook of `docs/operating.md`.

Customers are in the middle of their journeys when the backup is made: numbers, texts and ports are owed. For ten
minutes of the rehearsal's clock all goes on and more customers come; then the database is lost, the commands of the
runbook are run word by word, and work goes on: some customers send again what they had sent, the orders of others and
the number of one are adopted by command. Nothing may be there twice, and nothing may be left that only the carrier
knows. `--naive` is the control: it says to the restored database that nothing happened, which has to fail.
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Final

import psycopg
from sqlalchemy import select, text

from laptop.postgres import programs
from reliability import crew, runbook
from reliability.audit import doubled
from reliability.crew import Role
from reliability.customers import a_draft, a_line, begin_port, owe_message, until_all_can_text
from reliability.rig import Rig, say, standing, zeros
from sandbox.porting.records import RequestStatus
from service.accounts.models import Workspace
from service.lines.models import Line, PhoneNumber
from service.porting import projects
from service.porting.models import PortNumber, PortProject
from service.porting.states import State
from service.restoring.identity import this_database
from service.wiring import wire

CREW: Final = {"web": Role.WEB, "worker": Role.WORKER, "clock": Role.CLOCK}
TEN_MINUTES: Final = 10
STRIDE: Final = timedelta(minutes=1)

STRAY: Final = re.compile(r"(Number|Order) (\S+) is at \S+ and in no row")


def main(arguments: list[str]) -> int:
    """Run and print; the exit code is 0 if nothing was done twice and nothing is left that only the carrier knows."""
    parser = argparse.ArgumentParser(prog="python -m reliability.restore")
    parser.add_argument("--customers", type=int, default=8)
    parser.add_argument("--naive", action="store_true")
    wanted = parser.parse_args(arguments)
    with (
        tempfile.TemporaryDirectory(prefix="portline-reliability-") as folder,
        standing(PURCHASE_CAP="500", PURCHASES_PER_DAY="500", LEDGER_GRACE_SECONDS="5") as rig,
    ):
        drafts = _until_the_backup(rig, wanted.customers)
        environ = _back_up(rig, Path(folder))
        _ten_minutes(rig, wanted.customers, drafts)
        rig.crew.dismiss()
        with _restored(rig, environ, naive=wanted.naive) as after:
            _work_on(after, drafts)
            twice = _twice(after)
            left = _adopt_or_give_back(after)
            return _report(after, {*twice, *_twice(after)}, left)


def _until_the_backup(rig: Rig, customers: int) -> list[int]:
    """Customers with numbers, ports and drafts; then the worker stands still, and more of everything is owed."""
    for name, role in CREW.items():
        rig.crew.start(name, role)
    for number in range(customers):
        begin_port(rig, number)
    drafts = [_begin_draft(rig, 300 + number) for number in range(customers)]
    rig.until_done(60)
    until_all_can_text(rig)
    _pass(rig, STRIDE)
    rig.crew.kill("worker")
    for number in range(customers, 2 * customers):
        begin_port(rig, number)
    _write_to_people(rig, "owed")
    return drafts


def _back_up(rig: Rig, folder: Path) -> dict[str, str]:
    """Dump; the environment for the runbook, in which the backup will be."""
    backup = folder / "backup.dump"
    dump = [str(programs() / "pg_dump"), "--format=custom", f"--dbname={rig.database.url}", f"--file={backup}"]
    subprocess.run(dump, check=True)  # noqa: S603 -- our own program
    as_of = rig.world.clock.now().isoformat()
    say(f"  backed up with {rig.owed()} entries owed")
    path = os.pathsep.join([str(programs()), str(Path(sys.executable).parent), os.environ["PATH"]])
    url = rig.database.url.replace("/postgres?", "/restored?")
    return {**rig.environ, "DATABASE_URL": url, "AS_OF": as_of, "BACKUP": str(backup), "PATH": path}


def _ten_minutes(rig: Rig, customers: int, drafts: list[int]) -> None:
    """What will be forgotten: all that was owed is done, drafts are sent, other customers come."""
    rig.crew.restart("worker")
    for number in range(2 * customers, 3 * customers):
        begin_port(rig, number)
    for project_id in drafts:
        _send(rig, project_id)
    for minute in range(TEN_MINUTES):
        _sign(rig)
        _write_to_people(rig, f"minute {minute}")
        _pass(rig, STRIDE)
    rig.until_done(120)
    say(
        f"  ten minutes later: {len(rig.world.state.numbers)} numbers, {len(rig.world.state.port_ins)} orders, "
        f"{len(rig.world.state.messages)} texts at the carrier"
    )


@contextmanager
def _restored(rig: Rig, environ: Mapping[str, str], *, naive: bool) -> Iterator[Rig]:
    """The runbook's first half, and the processes on the restored database."""
    with psycopg.connect(rig.database.url, autocommit=True) as connection:
        connection.execute("CREATE DATABASE restored")
    os.environ.update(environ)
    put_back, upgrade, say_so = runbook.commands()[:3]
    runbook.run(put_back, environ)
    runbook.run(upgrade, environ)
    services = wire()
    if naive:
        with services.sessions.begin() as session:
            session.execute(text("UPDATE restorations SET identity = :here"), {"here": this_database(session)})
    else:
        say(f"  {runbook.run(say_so, environ)}")
    with crew.hired(environ) as members:
        yield replace(rig, environ=environ, crew=members, services=services)
    services.sessions.kw["bind"].dispose()


def _work_on(rig: Rig, drafts: list[int]) -> None:
    """Start everything; customers send once more what they had sent, and write on."""
    for name, role in CREW.items():
        rig.crew.start(name, role)
    rig.until_done(120)
    for project_id in drafts[::2]:
        _send(rig, project_id)
    for _ in range(4):
        _sign(rig)
        _pass(rig, STRIDE)
    _write_to_people(rig, "after")
    rig.until_done(120)
    _pass(rig, STRIDE)


def _adopt_or_give_back(rig: Rig) -> str:
    """The runbook's second half; what the last audit says."""
    look, keep_texts, look_again = runbook.commands()[3:]
    lines, typed = [_line_without_number(rig)], Counter[str]()
    for what, name in STRAY.findall(runbook.run(look, rig.environ)):
        remedy, words = _remedy_for_order(rig, name) if what == "Order" else _remedy_for_number(lines, name)
        runbook.remedy(remedy, rig.environ, words)
        typed[remedy.split()[0]] += 1
    say(f"  {', '.join(f'{times} {command}' for command, times in typed.items())}")
    say(f"  {runbook.run(keep_texts, rig.environ)}")
    return runbook.run(look_again, rig.environ)


def _remedy_for_order(rig: Rig, reference: str) -> tuple[str, Mapping[str, str]]:
    """It is put on the draft with its numbers, if there is one."""
    numbers = [number.phone_number for number in rig.world.state.port_ins[reference].numbers]
    with rig.services.sessions() as session:
        unsent = (PortNumber.number.in_(numbers), PortNumber.state == State.DRAFT)
        draft = session.scalar(select(PortProject).join(PortNumber).where(*unsent))
    if draft is None:
        return "cancel-order ORDER", {"ORDER": reference}
    return "adopt-order ORDER PORT", {"ORDER": reference, "PORT": draft.public_id}


def _remedy_for_number(lines: list[int], number: str) -> tuple[str, Mapping[str, str]]:
    """It is put on a line that has none, as long as there is one."""
    if not lines:
        return "give-back-number NUMBER", {"NUMBER": number}
    return "adopt-number NUMBER LINE", {"NUMBER": number, "LINE": str(lines.pop())}


def _line_without_number(rig: Rig) -> int:
    """A customer who had signed up since the backup comes back, and is to have the same number."""
    with rig.services.sessions.begin() as session:
        workspace = Workspace(name="Alice's Bakery")
        session.add(workspace)
        session.flush()
        line = Line(workspace_id=workspace.id, name="Main line")
        session.add(line)
        session.flush()
        return line.id


def _begin_draft(rig: Rig, customer: int) -> int:
    moved = f"+1{312 + customer // 700}{220 + customer % 700}2000"
    with rig.services.sessions.begin() as session:
        line = a_line(session, rig.services)
        mail = f"alice{customer}@bakery.example"
        return a_draft(session, line, moved, phone=f"+1415555{5000 + customer}", mail=mail).id


def _send(rig: Rig, project_id: int) -> None:
    with rig.services.sessions.begin() as session:
        projects.submit(session, rig.services, session.get_one(PortProject, project_id))


def _write_to_people(rig: Rig, words: str) -> None:
    """A text from every line that can send one, each with its own words."""
    with rig.services.sessions() as session:
        numbers = list(session.scalars(select(PhoneNumber.number).where(PhoneNumber.texts_since.is_not(None))))
    for number in numbers:
        owe_message(rig.services, number, f"{words} from {number}")


def _sign(rig: Rig) -> None:
    for order in list(rig.world.state.port_ins.values()):
        if order.status is RequestStatus.WAITING_FOR_SIGNATURE:
            rig.world.sign(order.sid, "Alice Baker")


def _pass(rig: Rig, length: timedelta) -> None:
    rig.world.clock.jump(length)
    time.sleep(2)


def _report(rig: Rig, twice: AbstractSet[str], left: str) -> int:
    rig.until_done(60)
    with rig.services.sessions() as session:
        states = Counter(session.scalars(select(PortNumber.state)))
        lines = len(session.scalars(select(Line.id)).all())
    orphaned = left.splitlines()
    say(f"  {lines} lines; ports: {', '.join(f'{count} {state}' for state, count in states.items())}")
    for sentence in [*sorted(twice), *orphaned][:10]:
        say(f"    {sentence}")
    unfiled = states[State.DRAFT] + states[State.SUBMITTING]
    return zeros(doubled=len(twice), orphaned=len(orphaned), still_owed=rig.owed(), not_filed=unfiled)


def _twice(rig: Rig) -> list[str]:
    with rig.world.exchange.lock:
        return [*doubled(rig.world.state), *_same_words(rig)]


def _same_words(rig: Rig) -> list[str]:
    """Texts of ours that reached one person twice in the same words."""
    sent = Counter(
        (one.from_, one.to, one.body) for one in rig.world.state.messages.values() if one.direction != "inbound"
    )
    return [f"{body!r} to {to} {times} times" for (_, to, body), times in sent.items() if times > 1]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
