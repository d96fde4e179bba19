"""The call plan of a line, and the calls that came in on it."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from service.db import E164, Base, Key, Made
from service.inbox.models import Conversation
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


class Outcome(StrEnum):
    """How a call ended for the caller; RINGING while it is going on."""

    RINGING = "ringing"
    ANSWERED = "answered"
    VOICEMAIL = "voicemail"
    MISSED = "missed"


class Call(Base):
    """A call that came in: `number` is the one of ours that was dialled, `forwarded_from` the line that sent it on."""

    __tablename__ = "calls"

    id: Mapped[Key]
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversations.id"), index=True)
    number: Mapped[E164]
    reference: Mapped[str] = mapped_column(String(64), unique=True)
    forwarded_from: Mapped[str] = mapped_column(String(32), default="")
    outcome: Mapped[Outcome] = mapped_column(default=Outcome.RINGING)
    seconds: Mapped[int] = mapped_column(default=0)
    at: Mapped[Made]
    voicemail_url: Mapped[str] = mapped_column(String(500), default="")
    voicemail_reference: Mapped[str] = mapped_column(String(64), default="", index=True)
    voicemail_seconds: Mapped[int] = mapped_column(default=0)
    transcript: Mapped[str] = mapped_column(Text, default="")
    seen_at: Mapped[datetime | None]
    conversation: Mapped[Conversation] = relationship()
