"""Callbacks that never came: what we found out by asking although the carrier should have told us.

Asking can be quicker than the callback, so a row is a suspicion first: a callback that comes after all clears it, and
only what nobody told within `LATE` counts as missed.
"""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from sqlalchemy import ColumnElement, Index, String, and_, func, select, text, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from service.db import Base, Key, Made
from service.time import now

LATE: Final = timedelta(minutes=5)
"""A carrier gives a callback up after seconds, and our reading of it takes no longer than this."""


class Silence(StrEnum):
    """What the carrier did not tell."""

    TEXT = "text"
    ORDER = "order"


class Missed(Base):
    """One thing learned without a callback. `reference` is the carrier's id of the text or the order."""

    __tablename__ = "missed"
    __table_args__ = (
        Index(
            "ix_missed_waiting",
            "carrier",
            "reference",
            postgresql_where=text("came_at IS NULL AND shown_at IS NULL"),
        ),
    )

    id: Mapped[Key]
    carrier: Mapped[str] = mapped_column(String(32))
    silence: Mapped[Silence]
    reference: Mapped[str] = mapped_column(String(64))
    noticed_at: Mapped[Made]
    came_at: Mapped[datetime | None]
    shown_at: Mapped[datetime | None]


def note_missed(session: Session, carrier: str, silence: Silence, reference: str) -> None:
    """We know it without having been told."""
    session.add(Missed(carrier=carrier, silence=silence, reference=reference))


def came_after_all(session: Session, carrier: str, reference: str) -> None:
    """Its callback came: late, but it came."""
    suspected = (Missed.carrier == carrier, Missed.reference == reference, Missed.came_at.is_(None))
    session.execute(update(Missed).where(*suspected, Missed.shown_at.is_(None)).values(came_at=now()))


def newly_missed(session: Session) -> list[Missed]:
    """What counts as missed by now and was not shown to anybody yet, marked as shown."""
    fresh = select(Missed).where(never_came(), Missed.shown_at.is_(None)).order_by(Missed.id).with_for_update()
    missed = list(session.scalars(fresh))
    for row in missed:
        row.shown_at = now()
    return missed


def count_missed(session: Session) -> dict[Silence, int]:
    """How many callbacks never came, ever, by what they would have told."""
    counted = select(Missed.silence, func.count()).where(never_came()).group_by(Missed.silence)
    found = dict(session.execute(counted).all())
    return {silence: found.get(silence, 0) for silence in Silence}


def never_came() -> ColumnElement[bool]:
    """The condition for a row to count."""
    return and_(Missed.came_at.is_(None), Missed.noticed_at < now() - LATE)
