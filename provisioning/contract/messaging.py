"""Outbound texts and pictures."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Protocol


class MessageStatus(StrEnum):
    """The status of an outbound message, in order; the last three are final."""

    QUEUED = "queued"
    SENT = "sent"
    DELIVERED = "delivered"
    UNDELIVERED = "undelivered"
    FAILED = "failed"

    @property
    def rank(self) -> int:
        """The position in that order. Callbacks arrive in any order, so a status never goes back to a lower rank."""
        return {"queued": 0, "sent": 1}.get(self.value, 2)


class Trouble(StrEnum):
    """Why a message did not arrive. OVER_LIMIT and PAUSED are our own refusals, NOT_PERMITTED may be either's."""

    OPTED_OUT = "opted_out"
    BAD_RECIPIENT = "bad_recipient"
    LANDLINE = "landline"
    SENDER_NOT_READY = "sender_not_ready"
    NOT_REGISTERED = "not_registered"
    FILTERED = "filtered"
    UNREACHABLE = "unreachable"
    TOO_LONG = "too_long"
    BAD_MEDIA = "bad_media"
    NOT_PERMITTED = "not_permitted"
    OVER_LIMIT = "over_limit"
    PAUSED = "paused"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class OutgoingMessage:
    """A message to send. `status_url` carries our own id, so that even a lost answer is found by its callback.

    `pool` is the carrier's id of the pool that the sender is in, "" for that of our installation. `tag` is our own id,
    under which a carrier that can sends a message once only, or "" for one that may be sent again.
    """

    sender: str
    recipient: str
    text: str = field(repr=False)
    status_url: str
    media_urls: tuple[str, ...] = ()
    pool: str = ""
    tag: str = ""


@dataclass(frozen=True, slots=True)
class SentMessage:
    """A message that the carrier has accepted."""

    reference: str
    status: MessageStatus
    trouble: Trouble | None = None


@dataclass(frozen=True, slots=True)
class LoggedMessage:
    """A message of ours in the carrier's log, created `at` (aware UTC), and how far it got.

    `price` is what it cost, in the currency of the price list, or None as long as the carrier does not say.
    """

    reference: str
    sender: str
    recipient: str
    at: datetime
    text: str = field(repr=False)
    status: MessageStatus
    trouble: Trouble | None = None
    price: Decimal | None = None


@dataclass(frozen=True, slots=True)
class CannotTell:
    """The carrier's log does not show whether a message is in it: not yet, or no longer. `why` is for operators.

    It is asked again later, and nothing is sent because of this answer.
    """

    why: str


@dataclass(frozen=True, slots=True)
class Media:
    """The content of an attachment or recording."""

    media_type: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class MediaLimits:
    """How many pictures a message may have, and how many bytes all of them may have together."""

    pictures: int
    total_bytes: int


class Messaging(Protocol):
    """Sends messages. Every method may raise any `CarrierError`; `Refused.code` is one of `Trouble`.

    A `pool` is the carrier's id of one that a business has opened (`registration.py`), "" for that of our installation.
    """

    def media_limits(self, sender: str, recipient: str) -> MediaLimits:
        """The limits for a message between two numbers (E.164); zero pictures where only texts are possible."""
        ...

    def send(self, message: OutgoingMessage) -> SentMessage:
        """Send a message. Not idempotent: the ledger prevents repetition."""
        ...

    def find(self, message: OutgoingMessage, since: datetime) -> list[SentMessage] | CannotTell:
        """Find messages with the same sender, recipient and text since then (aware UTC), oldest first.

        An empty list proves that none was sent.
        """
        ...

    def left(self, since: datetime) -> list[LoggedMessage] | CannotTell:
        """List messages sent at our request since then (aware UTC), oldest first: all of them, or none can be told.

        The carrier's automatic answers are not among them, nor messages that it accepted and never sent.
        """
        ...

    def enrol(self, reference: str, pool: str = "") -> None:
        """Let a number (the carrier's id of it) send texts under the registration of a pool. Idempotent.

        A number in another pool is moved. Without pools at the carrier every number may text. Where numbers only join
        what is registered already, nothing happens before: enrol again then. Raises `Refused` for a full pool,
        `Unavailable` (`not_made`) while operators take the number in, or have not forgotten its other registration,
        which takes days.
        """
        ...

    def enrolled(self, reference: str, pool: str = "") -> bool:
        """Whether the carrier shows a number in a pool; also true while the pool cannot have any yet."""
        ...

    def withdraw(self, reference: str, pool: str = "") -> None:
        """Remove a number from a pool. A number that is not in it counts as done."""
        ...

    def fetch_media(self, url: str) -> Media:
        """Fetch an attachment or a recording from the carrier's own hosts only; others are `Refused`."""
        ...
