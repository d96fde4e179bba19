"""Reads of notifications."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.notifications.models import Notification


def notifications_about(session: Session, project_id: int, before: int, most: int) -> Sequence[Notification]:
    """The newest notifications about a project; `before` is the id where a page ended, 0 for the first one."""
    about = select(Notification).where(Notification.project_id == project_id)
    older = about.where(Notification.id < before) if before else about
    return session.scalars(older.order_by(Notification.id.desc()).limit(most)).all()
