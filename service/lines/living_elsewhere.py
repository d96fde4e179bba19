"""Numbers that live at another carrier than the one that the operator prefers."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.lines.models import Line, PhoneNumber, Standing


def elsewhere(session: Session, workspace_id: int, numbers: Iterable[str], home: str) -> dict[str, int]:
    """The lines (by id) of those of these numbers (E.164) that a workspace has at another carrier than `home`."""
    mine = PhoneNumber.line_id == Line.id, Line.workspace_id == workspace_id, PhoneNumber.number.in_(numbers)
    held = PhoneNumber.standing == Standing.HELD, PhoneNumber.released_at.is_(None), PhoneNumber.carrier != home
    return dict(session.execute(select(PhoneNumber.number, PhoneNumber.line_id).where(*mine, *held)).all())
