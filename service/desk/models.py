"""Orders at the porting desk, and the status of each of their numbers as the desk entered it."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from provisioning.contract.porting import PortStatus
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
