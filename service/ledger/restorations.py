"""When the database was restored from a backup: what was done after the backup is at the carriers and in no row."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import String, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from service.db import Base, Key, Made
from service.time import now

REMEMBERED: Final = timedelta(days=30)
"""How long after a restoration notices and filings are looked up at the carrier before they are sent."""

MARGIN: Final = timedelta(minutes=10)
"""How much earlier than the backup's time a look begins: clocks differ, and a backup takes its time."""


class Restoration(Base):
    """One restoration `at` (our time) of a backup made `as_of`; in the first row, of the first start, that is None.

    `identity` tells this database from the one that the rows come from: see `service/restoring/identity.py`.
    """

    __tablename__ = "restorations"

    id: Mapped[Key]
    identity: Mapped[str] = mapped_column(String(100))
    as_of: Mapped[datetime | None]
    at: Mapped[Made]


def forgotten_since(session: Session) -> datetime | None:
    """The moment since which the carriers may have done things for us of which no row tells; None without any."""
    lately = Restoration.at > now() - REMEMBERED
    as_of = session.scalar(select(func.min(Restoration.as_of)).where(lately))
    return as_of and as_of - MARGIN
