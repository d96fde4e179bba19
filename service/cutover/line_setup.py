"""How a line is set up on the day its port date is committed, stored so that later changes can be shown."""

from collections.abc import Collection
from enum import StrEnum
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from service.accounts.access import members_on
from service.calls.document import written
from service.calls.queries import plan_of
from service.cutover.models import Cutover
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
    together = {(number.project, number.line) for number in numbers}
    shared = {(project, line): _shared(session, project, line) for project, line in together}
    return {number.id: {**shared[number.project, number.line], Part.TEXTS: number.number} for number in numbers}


def freeze_line_setups(session: Session) -> None:
    """Store, once, the set-up of each line whose number has a committed date."""
    coming = PortNumber.state.in_([State.SCHEDULED, State.ACTIVATING, State.PORTED])
    frozen_before = exists().where(Cutover.port_number_id == PortNumber.id, Cutover.frozen_at.is_not(None))
    numbers = session.scalars(select(PortNumber).where(coming, ~frozen_before).order_by(PortNumber.id)).all()
    present = set_ups(session, numbers)
    for number_id, cutover in cutovers_of(session, numbers).items():
        cutover.line_setup, cutover.frozen_at = present[number_id], now()


def _shared(session: Session, project: PortProject, line: Line) -> dict[str, Any]:
    """What is the same for all numbers of a project that come to a line."""
    return {
        Part.PHONES: [[phone.id, phone.number, phone.name] for phone in line.phones],
        Part.CALL_PLAN: written(plan_of(session, line.id)),
        Part.INBOX: [member.user.name or member.user.email for member in members_on(session, line)],
        Part.ADDRESS: ", ".join(
            part for part in (project.street, project.street2, project.city, project.region) if part
        ),
        Part.CALLER_NAME: project.workspace.name,
    }
