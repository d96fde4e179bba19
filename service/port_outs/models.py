"""Requests of other operators for numbers of ours."""

from datetime import date, datetime
from enum import StrEnum
from typing import Final

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from service.db import Base, Key, Made
from service.lines.models import PhoneNumber


class PortOutState(StrEnum):
    """Where a request stands: DISPUTED from when its customer says it is not theirs until the carrier has answered."""

    ASKED = "asked"
    DISPUTED = "disputed"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    LEFT = "left"


OPEN: Final = (PortOutState.ASKED, PortOutState.DISPUTED)


class PortOut(Base):
    """The request of an `operator` ("" if unknown) for a number, of which we learned at `made_at`.

    Several may be open at once: who has had one refused, or knows of one that its owner wants, may send another.

    `leaves_on` is the day (at the number) that the carrier named, None without one. `locked` says whether the number
    was locked then. `reference` is the carrier's id of it, "" where its API does not tell of requests.
    """

    __tablename__ = "port_outs"
    __table_args__ = (
        Index(
            "uq_port_outs_open",
            "phone_number_id",
            "operator",
            "reference",
            unique=True,
            postgresql_where=text("state IN ('asked', 'disputed')"),
        ),
    )

    id: Mapped[Key]
    phone_number_id: Mapped[int] = mapped_column(ForeignKey("phone_numbers.id"), index=True)
    operator: Mapped[str] = mapped_column(String(100), default="")
    leaves_on: Mapped[date | None]
    reference: Mapped[str] = mapped_column(String(64), default="", server_default="")
    locked: Mapped[bool]
    state: Mapped[PortOutState] = mapped_column(default=PortOutState.ASKED)
    made_at: Mapped[Made]
    disputed_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    number: Mapped[PhoneNumber] = relationship()
