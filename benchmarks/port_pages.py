"""Measure the pages of a port of 1,000 numbers, which reload every ten seconds, compared with one of ten."""

import os
import time
from datetime import timedelta
from http import HTTPStatus
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Final

from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.orm import Session

from benchmarks.filling import browser_of
from benchmarks.rig import environ, make_tables
from laptop import database
from provisioning.contract.porting import NumberKind
from service.accounts.models import Member, Membership, User, Workspace
from service.lines.models import Line
from service.porting.models import Attempt, CarrierOrder, Cause, PortHistory, PortNumber, PortProject
from service.porting.states import Fact, State
from service.services import Services
from service.time import now
from service.wiring import wire

FEW: Final = 10
MANY: Final = 1000
LOOKS: Final = 5
STATES: Final = (State.SCHEDULED, State.PORTED, State.LIVE)
PAGES: Final = {"the port": "", "the cutover": "/move/"}

_WAY: Final = (
    Fact.TAKEN_ON,
    Fact.SIGNED,
    Fact.SENT_ON,
    Fact.DATE_COMMITTED,
    Fact.DAY_CAME,
    Fact.ACTIVATION_STARTED,
    Fact.PORTED,
)
"""What has happened to each number."""


def main() -> None:
    """Measure and print."""
    with TemporaryDirectory() as name, database.running(Path(name) / "database") as server:
        os.environ.update(environ(server))
        make_tables(server)
        services = wire()
        client = _client(services)
        print(f"pages of a port of {FEW} and {MANY} numbers, median of {LOOKS} looks")
        for state in STATES:
            few, many = (_project(services, state, count) for count in (FEW, MANY))
            for page, path in PAGES.items():
                was, now_ = (_looked(services, client, f"/ports/{each}{path}") for each in (few, many))
                print(f"  {page:12} {state:10} {was}   {now_}", flush=True)


def _client(services: Services) -> FlaskClient:
    """A browser of the owner of the workspace."""
    with services.sessions.begin() as session:
        user = User(id=1, email="anna@bakery.example", name="Anna", fs_uniquifier="anna")
        session.add(Workspace(id=1, name="Bakery"))
        session.flush()
        session.add_all(
            [Line(id=1, workspace_id=1, name="Line"), Member(user=user, workspace_id=1, role=Membership.OWNER)]
        )
    return browser_of(services, 1)


def _project(services: Services, state: State, count: int) -> str:
    """Insert a port of so many numbers, which were filed in one order; the name in its address."""
    with services.sessions.begin() as session:
        project = PortProject(workspace_id=1, line_id=1, street="1 Main Street")
        order = CarrierOrder(attempt=Attempt(project=project, sequence=1, carrier="twilio"), carrier="twilio")
        order.reference = f"order-{state}-{count}"
        session.add_all([project, order])
        session.flush()
        session.add_all(_number(session, project, order, state, place) for place in range(count))
        return project.public_id


def _number(session: Session, project: PortProject, order: CarrierOrder, state: State, place: int) -> PortNumber:
    number = PortNumber(project=project, kind=NumberKind.LOCAL, state=state, order=order, committed_on=now().date())
    number.number = f"+1415{project.id * 10_000 + 2_000_000 + place}"
    number.attempt_id = order.attempt_id
    number.ported_at = now() - timedelta(hours=2) if state is not State.SCHEDULED else None
    # each number's day began in another minute, so that not all happened together
    at = now() - timedelta(days=3) + timedelta(minutes=place)
    number.history = [
        PortHistory(sequence=each, at=at, event=fact, cause=Cause.CARRIER, before=State.IN_REVIEW, after=state)
        for each, fact in enumerate(_WAY, 1)
    ]
    return number


def _looked(services: Services, client: FlaskClient, path: str) -> str:
    """How many statements a look makes, and its milliseconds. The first look makes rows, and is not counted."""
    made: list[str] = []
    engine = services.sessions.kw["bind"]

    def heard(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        made.append(statement)

    times = []
    for look in range(LOOKS + 1):
        if look == 1:
            event.listen(engine, "before_cursor_execute", heard)
        began = time.perf_counter()
        answer = client.get(path)
        times.append((time.perf_counter() - began) * 1000)
        assert answer.status_code == HTTPStatus.OK, answer.status
    event.remove(engine, "before_cursor_execute", heard)
    return f"{len(made) // LOOKS:6} queries {median(times[1:]):9.1f} ms"


if __name__ == "__main__":
    main()
