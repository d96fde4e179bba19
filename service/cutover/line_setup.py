"""How a line is set up when its port date is committed, stored so that later changes can be shown."""

from collections.abc import Collection
from enum import StrEnum
from typing import Any

from sqlalchemy.orm import Session

from service.accounts.access import members_by_line
from service.accounts.models import Member
from service.calls.document import written
from service.calls.nodes import Plan
from service.calls.queries import plans_of
from service.cutover.queries import lines_of_numbers
from service.cutover.rows import cutovers_of
from service.lines.models import Line
from service.porting.models import PortNumber, PortProject
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


def freeze_line_setups(session: Session, numbers: Collection[PortNumber]) -> None:
    """Store the set-up of the lines to which numbers come; one that was stored before stays."""
    cutovers = cutovers_of(session, numbers)
    new = [number for number in numbers if not cutovers[number.id].frozen_at]
    for number_id, set_up in set_ups(session, new).items():
        cutovers[number_id].line_setup, cutovers[number_id].frozen_at = set_up, now()


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
