"""The call plan of a line."""

from typing import Any

from sqlalchemy import ForeignKey, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from service.db import Base
from service.lines.models import Line


class CallPlan(Base):
    """How a line answers, as one document; a line without a row, or with an empty one, answers the usual way."""

    __tablename__ = "call_plans"

    line_id: Mapped[int] = mapped_column(ForeignKey("lines.id"), primary_key=True)
    document: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))
    line: Mapped[Line] = relationship()
