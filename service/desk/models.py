"""Orders before the desk, and where each of their numbers is, as the desk wrote it down."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from provisioning.contract.porting import PortStatus
from service.db import E164, Base, Key, Made


class DeskOrder(Base):
    """One order that people work. `reference` is the filing's own, so the same filing is here once."""

    __tablename__ = "desk_orders"

    id: Mapped[Key]
    reference: Mapped[str] = mapped_column(String(64), unique=True)
    made_at: Mapped[Made]
    numbers: Mapped[list["DeskNumber"]] = relationship(back_populates="order", order_by="DeskNumber.id")


class DeskNumber(Base):
    """One number of such an order. `day` is the date the old operator committed to, a day at the number.

    `network` names the carrier it was ported to, "" for the home carrier.
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
