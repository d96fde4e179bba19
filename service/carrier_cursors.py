"""How far we have caught up with each carrier, and which of them do not answer."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from service.db import Base, Key
from service.time import now

CARRIER_PATIENCE: Final = timedelta(minutes=10)
"""How long a carrier may give no answer before it counts as silent."""


class Cursor(Base):
    """One carrier: all before `reached_at` was asked for; `failing_since` is set while the carrier does not answer."""

    __tablename__ = "cursors"

    id: Mapped[Key]
    carrier: Mapped[str] = mapped_column(String(32), unique=True)
    reached_at: Mapped[datetime]
    failing_since: Mapped[datetime | None]


def is_silent() -> ColumnElement[bool]:
    """Of a cursor: its carrier has answered nothing for longer than `CARRIER_PATIENCE`."""
    return Cursor.failing_since < now() - CARRIER_PATIENCE


def silent_carriers(session: Session) -> dict[str, datetime]:
    """The silent carriers, with since when (UTC).

    Each is asked every few minutes anyway, and is off this list with its first answers.
    """
    failing = select(Cursor.carrier, Cursor.failing_since).where(is_silent())
    return {carrier: since for carrier, since in session.execute(failing) if since}
