"""Signed letters of authorization of erased workspaces, which the law has us keep for a while."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import String, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column, undefer

from service.db import Base, Key, SealedBytes
from service.porting.letters import Letter
from service.porting.models import PortNumber, PortProject
from service.time import now

KEPT: Final = timedelta(days=2 * 366)
"""How long after its signature: proof of who authorized a change of operator, two years (47 CFR 64.1120)."""


class KeptLetter(Base):
    """A signed letter (PDF, encrypted at rest) about some numbers (E.164), after its workspace was erased."""

    __tablename__ = "kept_letters"

    id: Mapped[Key]
    numbers: Mapped[list[str]]
    signer: Mapped[str] = mapped_column(String(100))
    signed_at: Mapped[datetime] = mapped_column(index=True)
    pdf: Mapped[bytes] = mapped_column(SealedBytes, deferred=True)


def keep_letters(session: Session, workspace_id: int) -> int:
    """Keep the letters of a workspace that were signed within `KEPT`, one after the other; returns how many."""
    signed = Letter.pdf.is_not(None), Letter.signed_at > now() - KEPT
    letters = select(Letter).join(Letter.project).where(PortProject.workspace_id == workspace_id, *signed)
    count = 0
    for letter in session.scalars(letters.options(undefer(Letter.pdf)).execution_options(yield_per=1)):
        numbers = session.scalars(select(PortNumber.number).where(PortNumber.project_id == letter.project_id)).all()
        kept = {"signer": letter.signer, "signed_at": letter.signed_at, "pdf": letter.pdf}
        session.add(KeptLetter(numbers=list(numbers), **kept))
        session.flush()
        count += 1
    return count


def forget_kept_letters(session: Session) -> None:
    """Delete those that were kept for long enough."""
    session.execute(delete(KeptLetter).where(KeptLetter.signed_at <= now() - KEPT))
