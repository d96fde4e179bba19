"""The table of received callbacks."""

from datetime import datetime

from sqlalchemy import Index, LargeBinary, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from provisioning.contract.callbacks import Subject
from service.db import Base, Key, UtcTime


class Received(Base):
    """A verified callback. `digest` (SHA-256 of subject, query and body) is unique: a repeated one is one row.

    Rows are never deleted: the carrier's signature contains no time, so only this row prevents a replay. Query and body
    are emptied after `CALLBACK_DAYS`. `due_at` is
    when it is to be read next, by the database's clock.
    """

    __tablename__ = "received"
    __table_args__ = (
        UniqueConstraint("carrier", "digest"),
        Index("ix_received_kept", "received_at", postgresql_where=text("read_at IS NOT NULL AND body <> ''")),
        Index("ix_received_unread", "id", postgresql_where=text("read_at IS NULL")),
    )

    id: Mapped[Key]
    carrier: Mapped[str] = mapped_column(String(32))
    subject: Mapped[Subject]
    query: Mapped[str] = mapped_column(String(500), server_default=text("''"))
    body: Mapped[bytes] = mapped_column(LargeBinary)
    digest: Mapped[bytes] = mapped_column(LargeBinary(32))
    received_at: Mapped[datetime] = mapped_column(UtcTime, server_default=text("clock_timestamp()"))
    due_at: Mapped[datetime] = mapped_column(UtcTime, server_default=text("clock_timestamp()"))
    read_at: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(server_default=text("0"))
    trouble: Mapped[str] = mapped_column(String(200), server_default=text("''"))
