"""What moves: how the line is set up when its date is committed, frozen, so that later changes are seen and shown."""

from enum import StrEnum
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from service.accounts.models import Member
from service.calls.document import written
from service.calls.queries import plan_of
from service.cutover.book import cutover_of
from service.porting.models import PortNumber
from service.porting.states import State
from service.time import now


class Part(StrEnum):
    """What a line has that goes over to its own number."""

    PHONES = "phones"
    CALL_PLAN = "call_plan"
    INBOX = "inbox"
    TEXTS = "texts"
    ADDRESS = "address"
    CALLER_NAME = "caller_name"


def set_up(session: Session, number: PortNumber) -> dict[str, Any]:
    """How the line of a number that is coming in is set up now, part by part, as JSON."""
    project, line = number.project, number.project.line
    members = select(func.count()).where(Member.workspace_id == project.workspace_id)
    return {
        Part.PHONES: [phone.number for phone in line.phones],
        Part.CALL_PLAN: written(plan_of(session, line.id)),
        Part.INBOX: session.scalar(members) or 0,
        Part.TEXTS: number.number,
        Part.ADDRESS: ", ".join(
            part for part in (project.street, project.street2, project.city, project.region) if part
        ),
        Part.CALLER_NAME: project.workspace.name,
    }


def freeze_plans(session: Session) -> None:
    """Keep how each line is set up whose number has a date, once."""
    coming = PortNumber.state.in_([State.SCHEDULED, State.ACTIVATING, State.PORTED])
    for number in session.scalars(select(PortNumber).where(coming).order_by(PortNumber.id)):
        cutover = cutover_of(session, number)
        if cutover.frozen_at is None:
            cutover.plan = set_up(session, number)
            cutover.frozen_at = now()


def changed_since(session: Session, number: PortNumber) -> set[Part]:
    """The parts that were set up otherwise when the plan was frozen; what is so now is what moves."""
    cutover = cutover_of(session, number)
    if cutover.frozen_at is None:
        return set()
    present = set_up(session, number)
    return {part for part in Part if cutover.plan.get(part) != present[part]}
