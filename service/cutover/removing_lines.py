"""Removing a line that no number is on or comes to. Its conversations stay, and it can be brought back."""

from collections.abc import Sequence

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from service.accounts.access import seen_by
from service.accounts.models import Member
from service.errors import Conflict
from service.lines.models import Line, PhoneNumber, Standing
from service.porting.lines import coming_to
from service.porting.models import PortNumber, PortProject
from service.porting.states import FINAL
from service.time import now


def remove_line(session: Session, line: Line) -> None:
    """Take a line out of the lists of lines; nothing is deleted. Raises `Conflict` as `must_be_empty`."""
    session.refresh(line, with_for_update=True)  # a number that is bought for it meanwhile waits
    must_be_empty(session, line)
    line.removed_at = now()


def must_be_empty(session: Session, line: Line) -> None:
    """Check that a line can be removed.

    Raises:
        Conflict: a number is on it or comes to it, or it is the only line of its workspace.
    """
    worn = PhoneNumber.line_id == line.id, PhoneNumber.standing.in_([Standing.WANTED, Standing.HELD])
    coming = PortNumber.project_id == PortProject.id, coming_to() == line.id, PortNumber.state.not_in(FINAL)
    others = Line.workspace_id == line.workspace_id, Line.id != line.id, Line.removed_at.is_(None)
    if session.scalar(select(exists().where(*worn))):
        raise Conflict("This line has a number. Release the number, or move it to another line, first.")
    if session.scalar(select(exists().where(*coming))):
        raise Conflict("A transfer to this line has been started. Cancel it, or choose another line for it, first.")
    if not session.scalar(select(exists().where(*others))):
        raise Conflict("This is your only line.")


def removable(session: Session, line: Line) -> bool:
    """Whether a line can be removed now."""
    try:
        must_be_empty(session, line)
    except Conflict:
        return False
    return True


def restore_line(line: Line) -> None:
    """Bring a removed line back, as it was."""
    line.removed_at = None


def removed_lines(session: Session, member: Member) -> Sequence[Line]:
    """The removed lines that a member saw, the one removed last first."""
    gone = select(Line).where(seen_by(member), Line.removed_at.is_not(None))
    return session.scalars(gone.order_by(Line.removed_at.desc())).all()
