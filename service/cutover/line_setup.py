"""How a line is set up on the day its port date is committed, stored so that later changes can be shown."""

from collections.abc import Collection
from enum import StrEnum
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from service.accounts.access import members_by_line
from service.accounts.models import Member
from service.calls.document import written
from service.calls.nodes import Plan
from service.calls.queries import plans_of
from service.cutover.models import Cutover
from service.cutover.queries import lines_of_numbers
from service.cutover.rows import cutovers_of
from service.lines.models import Line
from service.porting.models import PortNumber, PortProject
from service.porting.states import State
from service.time import now


class Part(StrEnum):
    """The parts of a line's set-up that its ported number takes over."""

    PHONES = "ringing"
    CALL_PLAN = "call_plan"
    INBOX = "people"
    TEXTS = "texts"
    ADDRESS = "address"
    CALLER_NAME = "caller_name"


def set_ups(session: Session, numbers: Collection[PortNumber]) -> dict[int, dict[str, Any]]:
    """How the lines of numbers being ported are set up now, by the number's id; each by part, as JSON.

    A phone is its id, number and name; people in the inbox are their names or addresses.
    """
    lines = lines_of_numbers(session, numbers)
    plans, people = plans_of(session, lines), members_by_line(session, lines.values())
    shared = {
        (project, line_id): _shared(project, lines[line_id], plans[line_id], people[line_id])
        for project, line_id in {(number.project, number.line_id) for number in numbers}
    }
    return {number.id: {**shared[number.project, number.line_id], Part.TEXTS: number.number} for number in numbers}


def freeze_line_setups(session: Session) -> None:
    """Store, once, the set-up of each line whose number has a committed date."""
    coming = PortNumber.state.in_([State.SCHEDULED, State.ACTIVATING, State.PORTED])
    frozen_before = exists().where(Cutover.port_number_id == PortNumber.id, Cutover.frozen_at.is_not(None))
    numbers = session.scalars(select(PortNumber).where(coming, ~frozen_before).order_by(PortNumber.id)).all()
    present = set_ups(session, numbers)
    for number_id, cutover in cutovers_of(session, numbers).items():
        cutover.line_setup, cutover.frozen_at = present[number_id], now()


def _shared(project: PortProject, line: Line, plan: Plan, people: Collection[Member]) -> dict[str, Any]:
    """What is the same for all numbers of a project that come to a line."""
    return {
        Part.PHONES: [[phone.id, phone.number, phone.name] for phone in line.phones],
        Part.CALL_PLAN: written(plan),
        Part.INBOX: [member.user.name or member.user.email for member in people],
        Part.ADDRESS: ", ".join(
            part for part in (project.street, project.street2, project.city, project.region) if part
        ),
        Part.CALLER_NAME: project.workspace.name,
    }
