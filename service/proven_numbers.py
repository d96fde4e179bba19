"""Numbers outside of our lines that a workspace has shown to be its own: texts of ours go to no others."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from service.db import E164, Base
from service.time import now


class ProvenNumber(Base):
    """A number (E.164) at which somebody of a workspace received a code of ours and entered it."""

    __tablename__ = "proven_numbers"

    workspace_id: Mapped[int] = mapped_column(
        ForeignKey("workspaces.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    number: Mapped[E164] = mapped_column(primary_key=True)
    proven_at: Mapped[datetime]


def prove(session: Session, workspace_id: int, number: str) -> None:
    """Store that a workspace has shown this number (E.164) to be its own. Idempotent."""
    shown = insert(ProvenNumber).values(workspace_id=workspace_id, number=number, proven_at=now())
    session.execute(shown.on_conflict_do_nothing())


def is_proven(session: Session, workspace_id: int, number: str) -> bool:
    """Whether a workspace has shown this number (E.164) to be its own."""
    return session.get(ProvenNumber, (workspace_id, number)) is not None
