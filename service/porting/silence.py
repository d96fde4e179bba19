"""Since when a workspace waits for a carrier that does not answer."""

from datetime import datetime

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import Session

from service.carrier_cursors import Cursor, is_silent
from service.lines.models import Line, PhoneNumber, Standing
from service.porting.models import PortNumber, PortProject
from service.porting.states import FINAL


def silent_since(session: Session, workspace_id: int) -> datetime | None:
    """Since when (UTC) a carrier is silent at which a workspace has, buys or transfers a number; None if none is."""
    here = PhoneNumber.carrier == Cursor.carrier, PhoneNumber.standing.in_([Standing.WANTED, Standing.HELD])
    lives = exists().where(*here, PhoneNumber.line_id == Line.id, Line.workspace_id == workspace_id)
    coming = PortNumber.carrier == Cursor.carrier, PortNumber.state.not_in(FINAL)
    moves = exists().where(*coming, PortNumber.project_id == PortProject.id, PortProject.workspace_id == workspace_id)
    return session.scalar(select(func.min(Cursor.failing_since)).where(is_silent(), or_(lives, moves)))
