"""Measure the check for half ports, which runs every minute: 100 recently ported numbers compared with one.

The queue's tables do not exist here, so no caller is looked up: the network of each is known already.
"""

import os
import time
from datetime import timedelta
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Final

from sqlalchemy.orm import Session

from benchmarks.rig import environ, make_tables
from laptop import database
from service.accounts.models import Workspace
from service.cutover.half_ports import KEPT_FOR_STRAYS, LOOK_UPS, look_for_half_ports
from service.cutover.models import CutoverStep, StepName
from service.inbox.models import Call, Contact, Conversation, Outcome
from service.lines.models import Line
from service.porting.models import PortNumber, PortProject
from service.porting.states import State
from service.services import Services
from service.time import now
from service.wiring import wire

PORTS: Final = 100
CALLERS: Final = LOOK_UPS - KEPT_FOR_STRAYS
CALLS: Final = 12
"""Calls of each caller within two hours; that makes a call every fifteen seconds on each line."""

LOOKS: Final = 10
WANTED_SECONDS: Final = 10.0
"""The check runs every minute, among many other jobs."""


def main() -> None:
    """Measure and print."""
    with TemporaryDirectory() as name, database.running(Path(name) / "database") as server:
        os.environ.update(environ(server))
        make_tables(server)
        services = wire()
        one = _filled_and_watched(services, 1)
        many = _filled_and_watched(services, PORTS - 1)
    print(f"watch for half ports, lines with {CALLERS * CALLS} calls in two hours, median of {LOOKS}")
    print(f"  1 number                   {one * 1000:8.1f} ms")
    print(f"  {PORTS} numbers                {many * 1000:8.1f} ms  (wanted at most {WANTED_SECONDS * 1000:.0f} ms)")


def _filled_and_watched(services: Services, more: int) -> float:
    """Add so many ported numbers; the median seconds of a check with all of them."""
    for _ in range(more):
        with services.sessions.begin() as session:
            _arrived(session)
    return median(_watched(services) for _ in range(LOOKS))


def _watched(services: Services) -> float:
    began = time.perf_counter()
    with services.sessions.begin() as session:
        look_for_half_ports(session, services)
    return time.perf_counter() - began


def _arrived(session: Session) -> None:
    """Insert a number that was ported three hours ago, and calls to it by callers whose networks are known."""
    workspace = Workspace(name="Bakery")
    session.add(workspace)
    session.flush()
    line = Line(workspace_id=workspace.id, name="Line")
    number = PortNumber(
        number=f"+1415{2_000_000 + workspace.id}", state=State.LIVE, ported_at=now() - timedelta(hours=3)
    )
    session.add(PortProject(workspace_id=workspace.id, line=line, numbers=[number]))
    callers = [Contact(workspace_id=workspace.id, number=f"+1650{2_000_000 + each}") for each in range(CALLERS)]
    session.add_all(callers)
    session.flush()
    known = {"networks": {caller.number: "Rehearsal Bell" for caller in callers}}
    session.add(CutoverStep(port_number_id=number.id, name=StepName.PROVE_VOICE, done_at=now(), evidence=known))
    session.add_all(_talks(line, number.number, caller) for caller in callers)


def _talks(line: Line, number: str, caller: Contact) -> Conversation:
    calls = [
        Call(number=number, outcome=Outcome.ANSWERED, at=now() - timedelta(minutes=10 * each)) for each in range(CALLS)
    ]
    return Conversation(line_id=line.id, contact=caller, last_at=now(), calls=calls)


if __name__ == "__main__":
    main()
