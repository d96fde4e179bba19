"""Where a workspace wants to hear of events, and each event that is or was to be delivered there."""

from datetime import datetime
from enum import StrEnum
from typing import Any, Final
from urllib.parse import urlsplit

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from service.accounts.models import Workspace
from service.db import Base, Key, SealedText


class EventKind(StrEnum):
    """What happens. Kinds are never renamed; a transfer has one for each state in which a number of it comes."""

    TEXT_RECEIVED = "text.received"
    TEXT_SENT = "text.sent"
    TEXT_DELIVERED = "text.delivered"
    TEXT_FAILED = "text.failed"
    CALL_ENDED = "call.ended"
    VOICEMAIL_RECEIVED = "voicemail.received"
    CHANNEL_PROVEN = "channel.proven"
    TRANSFER_SUBMITTING = "transfer.submitting"
    TRANSFER_AWAITING_SIGNATURE = "transfer.awaiting_signature"
    TRANSFER_IN_REVIEW = "transfer.in_review"
    TRANSFER_WITH_LOSING_CARRIER = "transfer.with_losing_carrier"
    TRANSFER_SCHEDULED = "transfer.scheduled"
    TRANSFER_ACTIVATING = "transfer.activating"
    TRANSFER_PORTED = "transfer.ported"
    TRANSFER_LIVE = "transfer.live"
    TRANSFER_RETURNED = "transfer.returned"
    TRANSFER_ACTION_REQUIRED = "transfer.action_required"
    TRANSFER_CANCEL_REQUESTED = "transfer.cancel_requested"
    TRANSFER_CANCELED = "transfer.canceled"
    TRANSFER_EXPIRED = "transfer.expired"
    TRANSFER_NOT_PORTABLE = "transfer.not_portable"
    TEST = "test"


CHOSEN: Final = tuple(kind for kind in EventKind if kind is not EventKind.TEST)
"""The kinds that an endpoint can be for. A test is sent to any."""


class Endpoint(Base):
    """An address of a program, which gets events of the `kinds`. Times are real, not a rehearsal's.

    `secret` signs; until `old_secret_until` the one before it signs too. `failing_since` is when the first of the tries
    failed that have failed without a success since. At `off_at` it was switched off: nothing is delivered.
    """

    __tablename__ = "webhook_endpoints"

    id: Mapped[Key]
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id", ondelete="CASCADE"), index=True)
    url: Mapped[str] = mapped_column(SealedText)
    kinds: Mapped[list[str]]
    secret: Mapped[str] = mapped_column(SealedText)
    old_secret: Mapped[str | None] = mapped_column(SealedText)
    old_secret_until: Mapped[datetime | None]
    made_at: Mapped[datetime]
    failing_since: Mapped[datetime | None]
    off_at: Mapped[datetime | None]
    workspace: Mapped[Workspace] = relationship()

    @property
    def host(self) -> str:
        """The host in the address, by which people tell endpoints apart: a path may hold a secret of theirs."""
        return urlsplit(self.url).hostname or ""

    @property
    def enabled(self) -> bool:
        """Whether events are delivered."""
        return self.off_at is None


class Delivery(Base):
    """An event for one endpoint, written in the transaction of what happened. Times are real, not a rehearsal's.

    `event_id` is the same for each endpoint and each try. Events of one `sequence` (a conversation or transfer) are
    delivered in order. `data` has ids and states, never what was said. `wanted_at` is when it was to be delivered
    first, or again; `due_at` when it is tried next, None once it was taken or given up. `status` (HTTP; 0 if the
    endpoint was not reached) and `answer` are those of the last try, `sent_at` is when it was taken.
    """

    __tablename__ = "webhook_deliveries"
    __table_args__ = (
        UniqueConstraint("endpoint_id", "event_id"),
        Index("ix_webhook_deliveries_waiting", "endpoint_id", "sequence", postgresql_where=text("due_at IS NOT NULL")),
    )

    id: Mapped[Key]
    endpoint_id: Mapped[int] = mapped_column(ForeignKey("webhook_endpoints.id", ondelete="CASCADE"))
    event_id: Mapped[str] = mapped_column(String(120))
    kind: Mapped[EventKind]
    sequence: Mapped[str] = mapped_column(String(80))
    data: Mapped[dict[str, Any]]
    happened_at: Mapped[datetime]
    wanted_at: Mapped[datetime] = mapped_column(index=True)
    due_at: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0, server_default="0")
    tried_at: Mapped[datetime | None]
    status: Mapped[int | None]
    answer: Mapped[str] = mapped_column(Text, default="", server_default="")
    sent_at: Mapped[datetime | None]
    endpoint: Mapped[Endpoint] = relationship()
