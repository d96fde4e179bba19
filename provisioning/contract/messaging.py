"""Texts and pictures out through a carrier."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol


class MessageStatus(StrEnum):
    """How far an outgoing message got, in order; the last three are final."""

    QUEUED = "queued"
    SENT = "sent"
    DELIVERED = "delivered"
    UNDELIVERED = "undelivered"
    FAILED = "failed"

    @property
    def rank(self) -> int:
        """Callbacks come in any order; a status never goes back to a lower rank."""
        return {"queued": 0, "sent": 1}.get(self.value, 2)


class Trouble(StrEnum):
    """Why a message did not arrive, in plain terms for the person who wrote it."""

    OPTED_OUT = "opted_out"
    BAD_RECIPIENT = "bad_recipient"
    LANDLINE = "landline"
    SENDER_NOT_READY = "sender_not_ready"
    NOT_REGISTERED = "not_registered"
    FILTERED = "filtered"
    UNREACHABLE = "unreachable"
    TOO_LONG = "too_long"
    BAD_MEDIA = "bad_media"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class OutgoingMessage:
    """A message to send. `status_url` carries our own id, so that even a lost answer is found by its callback."""

    sender: str
    recipient: str
    text: str = field(repr=False)
    status_url: str
    media_urls: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SentMessage:
    """A message as the carrier took it on."""

    reference: str
    status: MessageStatus
    trouble: Trouble | None = None


@dataclass(frozen=True, slots=True)
class LoggedMessage:
    """A message of ours as it stands in the carrier's own log, which has it since `at` (aware UTC)."""

    reference: str
    sender: str
    recipient: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Media:
    """A picture or other attachment, fetched."""

    media_type: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class MediaLimits:
    """How many pictures a message may have, and how many bytes all of them together."""

    pictures: int
    total_bytes: int


class Messaging(Protocol):
    """Every method may raise any `CarrierError`; `Refused.code` is then one of `Trouble`."""

    def media_limits(self, sender: str, recipient: str) -> MediaLimits:
        """What the carrier takes in one message between the two (E.164); no pictures where it carries words only."""
        ...

    def send(self, message: OutgoingMessage) -> SentMessage:
        """Hand a message over. Not idempotent: the ledger stands in front."""
        ...

    def find(self, message: OutgoingMessage, since: datetime) -> list[SentMessage]:
        """Messages with the same sender, recipient and text sent since then (aware UTC), oldest first."""
        ...

    def left(self, since: datetime) -> list[LoggedMessage]:
        """Messages that left at our request since then (aware UTC), oldest first.

        What the carrier answered by itself is not among them, nor what it took on and never sent.
        """
        ...

    def enrol(self, reference: str) -> None:
        """Let a number (the carrier's id of it) text under our registration. Idempotent.

        One that stood under another registration is moved over without a pause; where the carrier has nothing of the
        kind, every number may text.
        """
        ...

    def enrolled(self, reference: str) -> bool:
        """Whether a number may text under our registration, as the carrier shows it."""
        ...

    def withdraw(self, reference: str) -> None:
        """Take a number out of our registration; one that is not in it is done."""
        ...

    def fetch_media(self, url: str) -> Media:
        """Fetch an attachment or a recording from the carrier's own hosts only; others are `Refused`."""
        ...
