"""Moving a bought number to another line, and releasing it because the customer asks; a port under way stops both."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session

from service.errors import Conflict
from service.lines.models import Line, NumberRole, PhoneNumber, Standing
from service.porting.models import PortNumber, PortProject
from service.porting.states import FINAL, State
from service.time import now

NOTICE: Final = timedelta(days=7)
"""How long a number answers after the customer asked to release it, so that they can still change their mind."""

BY_CHOICE: Final = (NumberRole.TEMPORARY, NumberRole.ADDITIONAL)
"""The roles of numbers that a customer may move and release. A ported number leaves by a port to another operator."""


def move(session: Session, number: PhoneNumber, line: Line) -> None:
    """Put a number on another line, which the next call and text reach. Conversations stay where they are.

    A temporary number becomes an additional one, which no ported number replaces.

    Raises:
        Conflict: as `must_be_free`.
    """
    must_be_free(session, number)
    if number.line_id != line.id:
        number.line, number.role = line, NumberRole.ADDITIONAL


def end(session: Session, number: PhoneNumber) -> None:
    """Release a number after `NOTICE`, until when it answers. Idempotent. Raises `Conflict` as `must_be_free`."""
    must_be_free(session, number)
    number.ends_at = number.ends_at or now() + NOTICE


def keep(session: Session, number: PhoneNumber) -> None:
    """Keep a number that was to be released. Raises `Conflict` if its release has begun."""
    session.refresh(number, with_for_update=True)
    if number.released_at:
        raise Conflict("This number is being released already.")
    number.ends_at = None


def must_be_free(session: Session, number: PhoneNumber) -> None:
    """Lock a number, and raise `Conflict` if it is not a bought one that serves, or a port under way needs it."""
    session.refresh(number, with_for_update=True)
    if number.role not in BY_CHOICE or number.standing is not Standing.HELD or number.released_at:
        raise Conflict("Only a number that you got from us, and that is in use, can be moved or released.")
    if number.id in needed(session, [number]):
        raise Conflict("A transfer to this line is under way, and this number serves until it is done.")


def needed(session: Session, numbers: Sequence[PhoneNumber]) -> frozenset[int]:
    """Which of these numbers (ids) serve on a line until a port that is under way is done."""
    ids = [number.id for number in numbers]
    return frozenset(session.scalars(select(PhoneNumber.id).where(PhoneNumber.id.in_(ids), _serves_until_ported())))


def due_to_end(session: Session) -> list[PhoneNumber]:
    """Numbers to be released now because their customers asked; only their rows are locked."""
    asked = PhoneNumber.ends_at <= now(), PhoneNumber.standing == Standing.HELD, PhoneNumber.released_at.is_(None)
    due = select(PhoneNumber).where(*asked, PhoneNumber.role.in_(BY_CHOICE), ~_serves_until_ported())
    return list(session.scalars(due.order_by(PhoneNumber.id).with_for_update()))


def _serves_until_ported() -> ColumnElement[bool]:
    under_way = PortNumber.state.not_in([*FINAL, State.DRAFT])
    coming = exists().where(
        PortNumber.project_id == PortProject.id, PortProject.line_id == PhoneNumber.line_id, under_way
    )
    return (PhoneNumber.role == NumberRole.TEMPORARY) & coming
