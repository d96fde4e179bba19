"""What a workspace has at carriers: it is closed or erased only without it."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.lines.models import Line, PhoneNumber, Standing
from service.porting.models import PortNumber, PortProject
from service.porting.states import FINAL, State


def numbers_held(session: Session, workspace_id: int) -> list[PhoneNumber]:
    """The numbers that are held or about to be bought for a workspace, also those on removed lines."""
    ours = PhoneNumber.standing.in_([Standing.HELD, Standing.WANTED])
    held = select(PhoneNumber).join(PhoneNumber.line).where(Line.workspace_id == workspace_id, ours)
    return list(session.scalars(held.order_by(PhoneNumber.id)))


def transfers_under_way(session: Session, workspace_id: int) -> list[PortNumber]:
    """The numbers that are being transferred to a workspace; drafts are not under way."""
    sent = PortNumber.state.not_in([*FINAL, State.DRAFT])
    numbers = select(PortNumber).join(PortNumber.project).where(PortProject.workspace_id == workspace_id, sent)
    return list(session.scalars(numbers.order_by(PortNumber.id)))
