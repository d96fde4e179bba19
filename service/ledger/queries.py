"""Reads about ledger entries, for callbacks and the clock."""

from datetime import timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from service.ledger.models import LedgerEntry, Progress


def entry_tagged(session: Session, tag: str) -> LedgerEntry | None:
    """The entry whose tag a callback address carries; None for an unknown or empty tag."""
    return session.scalar(select(LedgerEntry).where(LedgerEntry.tag == tag)) if tag else None


def overdue(session: Session, grace: timedelta) -> list[LedgerEntry]:
    """Open entries that are later than the grace time: their job was lost, or its worker died."""
    late = func.clock_timestamp() - grace
    open_too_long = or_(
        (LedgerEntry.progress == Progress.READY) & (LedgerEntry.due_at < late),
        (LedgerEntry.progress == Progress.TRYING) & (LedgerEntry.tried_at < late),
    )
    return list(session.scalars(select(LedgerEntry).where(open_too_long).order_by(LedgerEntry.id).limit(500)))
