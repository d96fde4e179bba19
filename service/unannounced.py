"""Changes that no callback announced: we found them by asking the carrier, which should have called back.

Asking can be quicker than the callback, so a callback that still comes clears its row. A row counts when no callback
has come within `LATE`.
"""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from sqlalchemy import ColumnElement, Index, String, and_, bindparam, func, select, text, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from service.db import Base, Key, Made
from service.time import now

LATE: Final = timedelta(minutes=5)
"""Carriers give a callback up after seconds, and reading it takes us no longer than this."""


class Silence(StrEnum):
    """What the callback would have been about."""

    TEXT = "text"
    ORDER = "order"


class Unannounced(Base):
    """A change found without a callback. `reference` is the carrier's id of the text or the order."""

    __tablename__ = "unannounced"
    __table_args__ = (
        Index(
            "ix_unannounced_waiting",
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


def note_unannounced(session: Session, carrier: str, silence: Silence, reference: str) -> None:
    """Note a change that no callback has announced yet."""
    session.add(Unannounced(carrier=carrier, silence=silence, reference=reference))


def clear_unannounced(session: Session, carrier: str, reference: str) -> None:
    """Clear the change whose callback came after all."""
    session.execute(_CAME, {"of": carrier, "about": reference, "came_at": now()})


_CAME: Final = (
    update(Unannounced)
    .where(Unannounced.carrier == bindparam("of"), Unannounced.reference == bindparam("about"))
    .where(Unannounced.came_at.is_(None), Unannounced.shown_at.is_(None))
    .values(came_at=bindparam("came_at"))
    .execution_options(synchronize_session=False)
)


def newly_unannounced(session: Session) -> list[Unannounced]:
    """The changes that count now and were not shown to an operator before. Marks them as shown."""
    fresh = (
        select(Unannounced)
        .where(never_came(), Unannounced.shown_at.is_(None))
        .order_by(Unannounced.id)
        .with_for_update()
    )
    missed = list(session.scalars(fresh))
    for row in missed:
        row.shown_at = now()
    return missed


def count_unannounced(session: Session) -> dict[Silence, int]:
    """How many callbacks did not come, by what they would have been about."""
    counted = select(Unannounced.silence, func.count()).where(never_came()).group_by(Unannounced.silence)
    found = dict(session.execute(counted).all())
    return {silence: found.get(silence, 0) for silence in Silence}


def never_came() -> ColumnElement[bool]:
    """The condition under which a row counts."""
    return and_(Unannounced.came_at.is_(None), Unannounced.noticed_at < now() - LATE)
