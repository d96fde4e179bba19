"""The steps of a cutover, stamped."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from service.db import Base, Key, Made
from service.porting.models import PortNumber


class StepName(StrEnum):
    """What is done for a number, in this order; the last two wait for evidence."""

    FIND_NUMBER = "find_number"
    APPLY_ROUTING = "apply_routing"
    SWAP_ROLES = "swap_roles"
    PROVE_VOICE = "prove_voice"
    PROVE_TEXTS = "prove_texts"


class CutoverStep(Base):
    """One step for one number: done when stamped, with the evidence it rests on. `tries` counts failures.

    `told_at` is when the customer was told that it is done, for the steps they are told of.
    """

    __tablename__ = "cutover_steps"
    __table_args__ = (UniqueConstraint("port_number_id", "name"),)

    id: Mapped[Key]
    port_number_id: Mapped[int] = mapped_column(ForeignKey("port_numbers.id"))
    name: Mapped[StepName]
    done_at: Mapped[datetime | None]
    told_at: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0)
    trouble: Mapped[str] = mapped_column(String(200), default="")
    evidence: Mapped[dict[str, Any]] = mapped_column(default=dict)
    made_at: Mapped[Made]
    port_number: Mapped[PortNumber] = relationship()
