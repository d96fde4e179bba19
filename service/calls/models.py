"""The call plan of a line, and its recorded greetings."""

from typing import Any

from sqlalchemy import ForeignKey, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from service.db import Base, Made
from service.lines.models import Line


class CallPlan(Base):
    """The call plan of a line, as a JSON document; a line without a row, or with an empty one, has the usual plan.

    The document also holds the plan before it, which can be put back.
    """

    __tablename__ = "call_plans"

    line_id: Mapped[int] = mapped_column(ForeignKey("lines.id"), primary_key=True)
    document: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))
    line: Mapped[Line] = relationship()


class RecordedGreeting(Base):
    """A greeting recorded for a line. `media` is its name in the media and the secret part of its address."""

    __tablename__ = "recorded_greetings"

    media: Mapped[str] = mapped_column(String(32), primary_key=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("lines.id"), index=True)
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int] = mapped_column(default=0, server_default="0")
    made_at: Mapped[Made]
