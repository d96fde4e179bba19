"""Moving a number to another line, and releasing one because the customer asks; a port under way stops both."""

from collections.abc import Collection
from datetime import timedelta
from typing import Final

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session

from service.accounts.change_log import Action, note
from service.errors import Conflict, NotFound
from service.lines.inventory import must_be_in_use, number_held
from service.lines.models import Line, NumberRole, PhoneNumber, Standing
from service.lines.releasing import begin_release
from service.porting.lines import coming_to
from service.porting.models import PortNumber, PortProject
from service.porting.states import FINAL, State
from service.time import now

NOTICE: Final = timedelta(days=7)
"""How long a number answers after the customer asked to release it, so that they can still change their mind."""

BY_CHOICE: Final = (NumberRole.TEMPORARY, NumberRole.ADDITIONAL)
"""The roles of numbers that a customer may release. A ported number leaves by a port to another operator."""

RELEASABLE: Final = (*BY_CHOICE, NumberRole.PRIMARY, NumberRole.RETIRING)
"""The roles of numbers that an operator releases for a customer who asks."""

MOVABLE: Final = (*BY_CHOICE, NumberRole.PRIMARY)
"""The roles of numbers that a customer may put on another line."""


def move(session: Session, number: PhoneNumber, line: Line) -> None:
    """Put a number on another line, which the next call and text reach. Conversations stay where they are.

    A temporary number becomes an additional one, which no ported number replaces. With a line's last ported number go
    the temporary ones that it replaced.

    Raises:
        Conflict: as `must_be_free`, or the other line is removed.
    """
    must_be_free(session, number, MOVABLE)
    if number.line_id == line.id:
        return
    must_be_in_use(session, line)
    if number.role is NumberRole.PRIMARY:
        _move_ported(session, number, line)
    else:
        number.role = NumberRole.ADDITIONAL
    number.line = line


def end(session: Session, number: PhoneNumber) -> None:
    """Release a number after `NOTICE`, until when it answers. Idempotent. Raises `Conflict` as `must_be_free`."""
    must_be_free(session, number, BY_CHOICE)
    number.ends_at = number.ends_at or now() + NOTICE


def release_now(session: Session, number: str) -> None:
    """Release a number (E.164) of a customer at once, as the operator; it is in the workspace's log.

    Raises:
        NotFound: no line holds it.
        Conflict: as `must_be_free`.
    """
    held = number_held(session, number)
    if held is None:
        raise NotFound("We can’t find that number.")
    must_be_free(session, held, RELEASABLE)
    begin_release(session, held)
    note(session, workspace_id=held.line.workspace_id, user_id=None, action=Action.NUMBER_ENDED, subject=number)


def keep(session: Session, number: PhoneNumber) -> None:
    """Keep a number that was to be released. Raises `Conflict` if its release has begun."""
    session.refresh(number, with_for_update=True)
    if number.released_at:
        raise Conflict("This number is already being released.")
    number.ends_at = None


def must_be_free(session: Session, number: PhoneNumber, roles: Collection[NumberRole]) -> None:
    """Lock a number, and raise `Conflict` if it does not serve in one of these roles, or a port under way needs it."""
    session.refresh(number, with_for_update=True)
    if number.role not in roles or number.standing is not Standing.HELD or number.released_at:
        raise Conflict("This number can’t be changed that way.")
    if is_needed(session, number):
        raise Conflict("A transfer to this line is under way. This number keeps working until it’s done.")


def is_needed(session: Session, number: PhoneNumber) -> bool:
    """Whether a port that is under way needs a number: it is being ported itself, or serves until another one is."""
    return bool(session.scalar(select(exists().where(PhoneNumber.id == number.id, _in_a_port()))))


def due_to_end(session: Session) -> list[PhoneNumber]:
    """Numbers to be released now because their customers asked; only their rows are locked."""
    asked = PhoneNumber.ends_at <= now(), PhoneNumber.standing == Standing.HELD, PhoneNumber.released_at.is_(None)
    due = select(PhoneNumber).where(*asked, PhoneNumber.role.in_(BY_CHOICE), ~_in_a_port())
    return list(session.scalars(due.order_by(PhoneNumber.id).with_for_update()))


def _move_ported(session: Session, number: PhoneNumber, line: Line) -> None:
    worn = (PhoneNumber.line_id == number.line_id, PhoneNumber.standing == Standing.HELD, PhoneNumber.id != number.id)
    others = list(session.scalars(select(PhoneNumber).where(*worn)))
    if not any(other.role is NumberRole.PRIMARY for other in others):
        for replaced in [other for other in others if other.role is NumberRole.RETIRING]:
            replaced.line = line
    for ported in session.scalars(
        select(PortNumber).where(PortNumber.number == number.number, PortNumber.state == State.LIVE)
    ):
        ported.chosen_line = line


def _in_a_port() -> ColumnElement[bool]:
    under_way = PortNumber.project_id == PortProject.id, PortNumber.state.not_in([*FINAL, State.DRAFT])
    coming = exists().where(*under_way, coming_to() == PhoneNumber.line_id)
    itself = exists().where(PortNumber.number == PhoneNumber.number, PortNumber.state.not_in([*FINAL, State.DRAFT]))
    return ((PhoneNumber.role == NumberRole.TEMPORARY) & coming) | itself
