"""Asking customers, a month after the port, whether the old operator still bills them."""

from datetime import timedelta
from typing import Final

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import Session

from service.notifications.models import NoticeKind, Notification
from service.notifications.notices import LastBill
from service.porting.followers import notify_project
from service.porting.models import PortNumber, PortProject
from service.porting.states import FINAL, State
from service.services import Services
from service.time import now

A_MONTH: Final = timedelta(days=30)
NO_LONGER: Final = timedelta(days=60)
"""Customers whose port was done longer ago are not asked: it was done before this question existed."""


def ask_about_last_bills(session: Session, services: Services) -> None:
    """Ask each customer once, thirty days after their last number went live."""
    asked = exists().where(Notification.project_id == PortProject.id, Notification.kind == NoticeKind.LAST_BILL)
    came = PortNumber.state == State.LIVE, PortNumber.since.between(now() - NO_LONGER, now() - A_MONTH)
    rows = (
        select(PortProject, func.max(PortNumber.since))
        .join(PortNumber, PortNumber.project_id == PortProject.id)
        .where(*came, ~asked, ~PortProject.numbers.any(_too_early()))
        .group_by(PortProject.id)
    )
    for project, at in session.execute(rows).all():
        live = [number for number in project.numbers if number.state is State.LIVE]
        notify_project(session, services, project, LastBill(done_at=at), "once", live)


def _too_early() -> ColumnElement[bool]:
    """The condition that a number is not done yet, or has not been for a month."""
    return PortNumber.state.not_in(FINAL) | ((PortNumber.state == State.LIVE) & (PortNumber.since > now() - A_MONTH))
