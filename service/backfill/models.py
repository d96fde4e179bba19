"""How far we have caught up with each carrier."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from service.db import Base, Key


class Cursor(Base):
    """One carrier: all before `reached_at` was asked for; `failing_since` is set while the carrier does not answer."""

    __tablename__ = "cursors"

    id: Mapped[Key]
    carrier: Mapped[str] = mapped_column(String(32), unique=True)
    reached_at: Mapped[datetime]
    failing_since: Mapped[datetime | None]
