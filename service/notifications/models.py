"""One row for each notice, person and channel: its facts, its words, and whether it was sent."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from service.db import Base, Key, Made
from service.language import Language
from service.own_texts import OwnText


class Channel(StrEnum):
    """How a notice reaches a person."""

    SMS = "sms"
    EMAIL = "email"


class NoticeKind(StrEnum):
    """Every kind of notice to a customer: about a port, in the usual order, then about leaving numbers, then texts."""

    DRAFT_LEFT = "draft_left"
    DETAILS_GIVEN = "details_given"
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
    PROOF_WANTED = "proof_wanted"
    TEXTS_WAIT = "texts_wait"
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
    PORT_OUT_ASKED = "port_out_asked"
    PORT_OUT_STOPPED = "port_out_stopped"
    NUMBER_LEFT = "number_left"
    TEXTING_AWAITS_OWNER = "texting_awaits_owner"
    TEXTING_OWNER_LATE = "texting_owner_late"
    TEXTING_IN_REVIEW = "texting_in_review"
    TEXTING_REFUSED = "texting_refused"
    TEXTING_ON = "texting_on"
    TEXTING_SUSPENDED = "texting_suspended"


class Notification(OwnText, Base):
    """A notice to one person over one channel, about a project, or without one about the workspace.

    Its unique key lets the same notice be sent once.
    `version` tells notices of one kind apart (a date, an attempt). `facts` are those of `notices.facts_of` and `words`
    the fields of `wording.Words`, both as of the moment when the notice was owed: it says what happened, not what is
    so when it is sent. The workspace pays for it; None in rows of versions before. `trouble` is the carrier's or mail
    server's reason for not delivering it, or empty. `carrier` is of texts alone.
    """

    __tablename__ = "notifications"
    __table_args__ = (
        UniqueConstraint("project_id", "kind", "version", "channel"),
        Index(
            "uq_notifications_of_workspace",
            "workspace_id",
            "kind",
            "version",
            "channel",
            unique=True,
            postgresql_where=text("project_id IS NULL"),
        ),
    )

    id: Mapped[Key]
    project_id: Mapped[int | None] = mapped_column(ForeignKey("port_projects.id"))
    workspace_id: Mapped[int | None] = mapped_column(ForeignKey("workspaces.id"))
    kind: Mapped[NoticeKind]
    version: Mapped[str] = mapped_column(Text)
    channel: Mapped[Channel]
    recipient: Mapped[str] = mapped_column(String(255))
    language: Mapped[Language]
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    words: Mapped[dict[str, Any]] = mapped_column(default=dict)
    made_at: Mapped[Made]
    sent_at: Mapped[datetime | None]
    trouble: Mapped[str] = mapped_column(String(200), default="")
