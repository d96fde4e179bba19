"""How far we have caught up with a carrier, and since when it has not answered."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from service.db import Base, Key


class Cursor(Base):
    """One carrier: everything up to `reached_at` was asked for; `failing_since` while it gives no answer."""

    __tablename__ = "cursors"

    id: Mapped[Key]
    carrier: Mapped[str] = mapped_column(String(32), unique=True)
    reached_at: Mapped[datetime]
    failing_since: Mapped[datetime | None]
