"""Asking customers, a month after the port, whether the old operator still bills them."""

from datetime import timedelta
from typing import Final

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from service.notifications.models import NoticeKind, Notification
from service.notifications.notices import LastBill
from service.porting.followers import notify_project
from service.porting.models import PortHistory, PortNumber, PortProject
from service.porting.queries import state_of
from service.porting.rollup import ProjectState
from service.porting.states import State
from service.services import Services
from service.time import now

A_MONTH: Final = timedelta(days=30)
NO_LONGER: Final = timedelta(days=60)
"""Customers whose port was done longer ago are not asked: it was done before this question existed."""


def ask_about_last_bills(session: Session, services: Services) -> None:
    """Ask each customer once, thirty days after their last number went live."""
    done_at = func.max(PortHistory.at)
    asked = exists().where(Notification.project_id == PortProject.id, Notification.kind == NoticeKind.LAST_BILL)
    rows = (
        select(PortProject, done_at)
        .join(PortNumber, PortNumber.project_id == PortProject.id)
        .join(PortHistory, PortHistory.port_number_id == PortNumber.id)
        .where(PortHistory.after == State.LIVE, PortHistory.at > now() - NO_LONGER, ~asked)
        .group_by(PortProject.id)
        .having(done_at <= now() - A_MONTH)
    )
    for project, at in session.execute(rows).all():
        if state_of(project) in {ProjectState.DONE, ProjectState.PARTLY_DONE}:
            live = [number for number in project.numbers if number.state is State.LIVE]
            notify_project(session, services, project, LastBill(done_at=at), "once", live)
