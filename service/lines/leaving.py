"""A number that has left to another operator: its row stays as history, and another of its line serves in its place."""

from collections.abc import Iterable
from typing import Final

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from service.lines.models import NumberRole, PhoneNumber, Standing
from service.time import now

MOVED_AWAY: Final = "This line’s number is with another provider now, and the line has no other number."
"""Why nothing can be sent or called from a line."""


def let_go(session: Session, number: PhoneNumber) -> None:
    """Mark a number, whose row has to be locked, as having left.

    If it was its line's only ported number, the temporary one that it replaced serves again.
    """
    number.standing, number.released_at, number.ends_at = Standing.LEFT, now(), None
    number.port_out_pin = None
    session.flush()
    others = _locked(session, number.line_id)
    if number.role is NumberRole.PRIMARY and not any(other.role is NumberRole.PRIMARY for other in others):
        _serve_again(other for other in others if other.role is NumberRole.RETIRING)


def has_left(session: Session, line_id: int) -> bool:
    """Whether a number of a line has left it."""
    left = exists().where(PhoneNumber.line_id == line_id, PhoneNumber.standing == Standing.LEFT)
    return bool(session.scalar(select(left)))


def _serve_again(numbers: Iterable[PhoneNumber]) -> None:
    for number in numbers:
        number.role = NumberRole.TEMPORARY
        number.retiring_since = number.noticed_at = None


def _locked(session: Session, line_id: int) -> list[PhoneNumber]:
    held = PhoneNumber.line_id == line_id, PhoneNumber.standing == Standing.HELD, PhoneNumber.released_at.is_(None)
    rows = select(PhoneNumber).where(*held).order_by(PhoneNumber.id).with_for_update()
    return list(session.scalars(rows.execution_options(populate_existing=True)))
