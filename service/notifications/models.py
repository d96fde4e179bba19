"""One row for each message, person and channel: what was told, from which fact, and whether it went out."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from service.db import Base, Key, Made
from service.language import Language


class Channel(StrEnum):
    """How a message reaches a person."""

    SMS = "sms"
    EMAIL = "email"


class Message(StrEnum):
    """Everything a customer is ever told about a port, in the order it usually happens."""

    DRAFT_LEFT = "draft_left"
    SUBMITTED = "submitted"
    SIGNATURE_WANTED = "signature_wanted"
    SIGN_HERE = "sign_here"
    SIGNATURE_REMINDER = "signature_reminder"
    ACTION_NEEDED = "action_needed"
    DATE_SET = "date_set"
    DATE_MOVED = "date_moved"
    DATE_WITHDRAWN = "date_withdrawn"
    NOT_READY = "not_ready"
    TWO_DAYS_BEFORE = "two_days_before"
    EVENING_BEFORE = "evening_before"
    MORNING_OF = "morning_of"
    ARRIVED = "arrived"
    TEXTS_ARRIVED = "texts_arrived"
    DONE = "done"
    CALLS_ASTRAY = "calls_astray"
    TAKEN_BACK = "taken_back"
    RETURNED = "returned"
    RELEASE_NOTICE = "release_notice"
    LAST_BILL = "last_bill"
    CANCELED = "canceled"
    CANCEL_REFUSED = "cancel_refused"
    EXPIRED = "expired"
    NOT_PORTABLE = "not_portable"
    STATUS = "status"


class Notification(Base):
    """A message to one person over one channel. The unique key makes a repeated fact silent.

    `version` tells facts of the same kind apart (a date, an attempt); `facts` is what the text is worded from, frozen
    when it was owed, so that it says what happened and not what is so when it is sent; `words` is that text, as the
    fields of `messages.Words`.
    """

    __tablename__ = "notifications"
    __table_args__ = (UniqueConstraint("project_id", "message", "version", "channel"),)

    id: Mapped[Key]
    project_id: Mapped[int] = mapped_column(ForeignKey("port_projects.id"))
    message: Mapped[Message]
    version: Mapped[str] = mapped_column(Text)
    channel: Mapped[Channel]
    recipient: Mapped[str] = mapped_column(String(255))
    language: Mapped[Language]
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    words: Mapped[dict[str, Any]] = mapped_column(default=dict)
    made_at: Mapped[Made]
    sent_at: Mapped[datetime | None]
    trouble: Mapped[str] = mapped_column(String(200), default="")
