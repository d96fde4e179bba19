"""The call plan of a line."""

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from service.db import Base
from service.lines.models import Line


class CallPlan(Base):
    """How a line answers: ring its phones together or in turn, for so long, then take a message after a greeting.

    An empty greeting means the standard one in the line's language.
    """

    __tablename__ = "call_plans"

    line_id: Mapped[int] = mapped_column(ForeignKey("lines.id"), primary_key=True)
    ring_seconds: Mapped[int] = mapped_column(default=20)
    in_turn: Mapped[bool] = mapped_column(default=False)
    greeting: Mapped[str] = mapped_column(String(500), default="")
    line: Mapped[Line] = relationship()
