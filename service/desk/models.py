"""What the porting desk keeps: orders by hand, who has which transfer, saved views, its people's shifts and notes."""

from datetime import date, datetime, time
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text, true
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from provisioning.contract.porting import PortStatus
from service.accounts.models import User
from service.db import E164, Base, Key, Made


class DeskOrder(Base):
    """One order that staff work on. `reference` is that of its filing, so the same filing is stored once."""

    __tablename__ = "desk_orders"

    id: Mapped[Key]
    reference: Mapped[str] = mapped_column(String(64), unique=True)
    made_at: Mapped[Made]
    numbers: Mapped[list["DeskNumber"]] = relationship(back_populates="order", order_by="DeskNumber.id")


class DeskNumber(Base):
    """One number of a desk order. `day` is the day the old operator committed to, in the number's time zone.

    `network` names the carrier that it was ported to, "" for the home carrier.
    """

    __tablename__ = "desk_numbers"
    __table_args__ = (UniqueConstraint("order_id", "number"),)

    id: Mapped[Key]
    order_id: Mapped[int] = mapped_column(ForeignKey("desk_orders.id"))
    number: Mapped[E164]
    status: Mapped[PortStatus] = mapped_column(default=PortStatus.IN_REVIEW)
    day: Mapped[date | None]
    reasons: Mapped[list[str]] = mapped_column(default=list)
    network: Mapped[str] = mapped_column(String(32), default="")
    answered_at: Mapped[datetime | None]
    order: Mapped[DeskOrder] = relationship(back_populates="numbers")


class DeskCase(Base):
    """Who at the desk has a transfer, and what they do next: `next_step` on the day `next_on`, as they wrote it.

    A transfer without a row has nobody, and its next step is that of its state.
    """

    __tablename__ = "desk_cases"

    project_id: Mapped[int] = mapped_column(ForeignKey("port_projects.id", ondelete="CASCADE"), primary_key=True)
    assignee_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"), index=True)
    next_step: Mapped[str] = mapped_column(String(200), default="", server_default="")
    next_on: Mapped[date | None]
    assignee: Mapped[User | None] = relationship()


class DeskView(Base):
    """Filters of the queue that a person at the desk has saved under a name, as they stand in its address."""

    __tablename__ = "desk_views"
    __table_args__ = (UniqueConstraint("user_id", "name"),)

    id: Mapped[Key]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(60))
    filters: Mapped[dict[str, Any]] = mapped_column(default=dict)


class DeskSeat(Base):
    """How a person at the desk works: by default without a shift, and with a mail in the morning.

    A shift is on these `weekdays` (Monday is 0) from `begins` to `ends`, in the zone of their own workspace; past
    midnight if it ends before it begins. `mailed_on` is the day of their last mail.
    """

    __tablename__ = "desk_seats"

    user_id: Mapped[int] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    morning_mail: Mapped[bool] = mapped_column(default=True, server_default=true())
    mailed_on: Mapped[date | None]
    weekdays: Mapped[list[int]] = mapped_column(JSONB, default=list, server_default="[]")
    begins: Mapped[time] = mapped_column(default=time(9), server_default="09:00")
    ends: Mapped[time] = mapped_column(default=time(17), server_default="17:00")


class DeskNote(Base):
    """What one shift leaves for the next, until somebody took it over (`done_at`)."""

    __tablename__ = "desk_notes"
    __table_args__ = (Index("ix_desk_notes_open", "id", postgresql_where=text("done_at IS NULL")),)

    id: Mapped[Key]
    author_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    words: Mapped[str] = mapped_column(String(1000))
    made_at: Mapped[Made]
    done_at: Mapped[datetime | None]
    author: Mapped[User | None] = relationship()
