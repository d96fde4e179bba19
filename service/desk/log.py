"""The porting desk's own log of each transfer: who of its staff did what, and when. Customers do not see it."""

from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, Session, joinedload, mapped_column, relationship

from service.accounts.models import User
from service.db import Base, Key, Made
from service.porting.models import PortProject


class DeskAct(StrEnum):
    """What staff did with a transfer; `service/web/desk/transfer_words.py` has a sentence for each."""

    ASSIGNED = "assigned"
    PLANNED = "planned"
    FILED = "filed"
    CORRECTED = "corrected"
    SENT_AGAIN = "sent_again"
    RESCHEDULED = "rescheduled"
    CANCELED = "canceled"
    SPLIT = "split"
    MARKED = "marked"
    CARRIER_ASKED = "carrier_asked"
    CARRIER_CHANGED = "carrier_changed"
    CARRIER_NOT_CHANGED = "carrier_not_changed"
    WROTE = "wrote"
    WROTE_TO_CARRIER = "wrote_to_carrier"
    ASKED = "asked"
    TOOK_QUESTION_BACK = "took_question_back"


class DeskEntry(Base):
    """One act of a person at the desk, None once their account is gone. `details` name things, and hold no secret."""

    __tablename__ = "desk_log"

    id: Mapped[Key]
    project_id: Mapped[int] = mapped_column(ForeignKey("port_projects.id", ondelete="CASCADE"), index=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    act: Mapped[DeskAct]
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)
    at: Mapped[Made]
    user: Mapped[User | None] = relationship()


def write_down(
    session: Session,
    project: PortProject,
    by: int,
    act: DeskAct,
    **details: Any,  # noqa: ANN401 -- whatever JSON can hold
) -> None:
    """Log an act of the person `by` (a user's id), in the transaction that does it."""
    session.add(DeskEntry(project_id=project.id, user_id=by, act=act, details=details))


def entries_of(session: Session, project: PortProject, most: int) -> list[DeskEntry]:
    """The latest entries about a transfer, newest first."""
    rows = select(DeskEntry).where(DeskEntry.project_id == project.id).options(joinedload(DeskEntry.user))
    return list(session.scalars(rows.order_by(DeskEntry.id.desc()).limit(most)))
