"""How often a business sends and cancels transfers: each costs an old operator and our staff time."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from service.errors import Conflict
from service.porting.models import PortNumber, PortProject
from service.porting.states import State
from service.time import now

SENT_A_DAY: Final = 10
"""Transfers that a business may send within 24 hours, of any number of numbers each."""

CANCELED: Final = 3
"""After so many canceled transfers of a number within `LATELY` a person looks first."""

LATELY: Final = timedelta(days=30)


def must_not_go_round(session: Session, project: PortProject, numbers: Sequence[PortNumber]) -> None:
    """Raise `Conflict` if a business sends too many transfers, or keeps sending and canceling the same number."""
    theirs = PortProject.workspace_id == project.workspace_id, PortProject.submitted_at.is_not(None)
    today = PortProject.submitted_at > now() - timedelta(days=1)
    if session.execute(select(func.count(PortProject.id)).where(*theirs, today)).scalar_one() >= SENT_A_DAY:
        raise Conflict("You’ve reached today’s limit for transfers. Send the rest tomorrow.")
    canceled = select(func.count()).select_from(PortNumber).join(PortNumber.project)
    canceled = canceled.where(*theirs, PortProject.submitted_at > now() - LATELY, PortNumber.state == State.CANCELED)
    of_each = canceled.where(PortNumber.number.in_([one.number for one in numbers])).group_by(PortNumber.number)
    if any(count >= CANCELED for count in session.scalars(of_each)):
        raise Conflict("You’ve sent and canceled this number several times. Email us before you send it again.")
