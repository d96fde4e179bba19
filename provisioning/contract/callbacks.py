"""What carriers tell us: checked here, put into neutral words here, believed nowhere without asking back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from provisioning.contract.messaging import MessageStatus, Trouble


class Subject(StrEnum):
    """The last part of a webhook's path: what the carrier talks about."""

    PORTING = "porting"
    MESSAGE = "message"
    MESSAGE_STATUS = "message-status"
    VOICE = "voice"
    CALL_STATUS = "call-status"
    RECORDING = "recording"
    TRANSCRIPT = "transcript"
    NUMBER_PROOF = "number-proof"


@dataclass(frozen=True, slots=True)
class SignedRequest:
    """A callback as it came in.

    `url` is our public base URL plus the raw path and query, never taken from the Host header; header names are
    lower case; `body` is untouched.
    """

    url: str
    headers: Mapping[str, str]
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class OrderChanged:
    """Look at this order: `reference` is the carrier's. Nothing else in a porting callback is believed."""

    reference: str


@dataclass(frozen=True, slots=True)
class MessageArrived:
    """A text or picture for one of our numbers. `opt_out` is "stop", "start" or "help" where the carrier says so."""

    reference: str
    sender: str
    recipient: str
    text: str = field(repr=False)
    media_urls: tuple[str, ...] = ()
    opt_out: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class MessageProgressed:
    """News of a message of ours."""

    reference: str
    status: MessageStatus
    trouble: Trouble | None = None


@dataclass(frozen=True, slots=True)
class CallArrived:
    """Somebody rings one of our numbers; `forwarded_from` when an old line sent the call on."""

    reference: str
    caller: str
    called: str
    forwarded_from: str = ""


class CallOutcome(StrEnum):
    """How ringing our phones ended; `NOT_TAKEN`: one was picked up, but the call was not put through."""

    ANSWERED = "answered"
    NOT_TAKEN = "not_taken"
    BUSY = "busy"
    NO_ANSWER = "no_answer"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class RingEnded:
    """The phones of a `Ring` step were rung, with this outcome."""

    reference: str
    caller: str
    called: str
    outcome: CallOutcome


@dataclass(frozen=True, slots=True)
class KeyPressed:
    """The answer to an `AskForKey` step."""

    reference: str
    key: str
    caller: str = ""
    called: str = ""


@dataclass(frozen=True, slots=True)
class CallEnded:
    """A call is over after so many seconds; with `at`, when it came, where that is told."""

    reference: str
    caller: str
    called: str
    seconds: int
    forwarded_from: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class VoicemailLeft:
    """A caller's message was recorded; it can be fetched at `url`."""

    reference: str
    recording: str
    url: str
    seconds: int


@dataclass(frozen=True, slots=True)
class TalkRecorded:
    """What was said between a caller and whoever took the call; it can be fetched at `url`."""

    reference: str
    recording: str
    url: str
    seconds: int


@dataclass(frozen=True, slots=True)
class TranscriptReady:
    """The words of a recording."""

    reference: str
    recording: str
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ProofEnded:
    """A number (E.164) was called for its code, and that is over. Whether the code was keyed is asked, not believed."""

    number: str


@dataclass(frozen=True, slots=True)
class Unfamiliar:
    """Genuine, but not in any words we know: kept and shown to an operator. `why` holds no customer data."""

    why: str


Event = (
    OrderChanged
    | MessageArrived
    | MessageProgressed
    | CallArrived
    | RingEnded
    | KeyPressed
    | CallEnded
    | VoicemailLeft
    | TalkRecorded
    | TranscriptReady
    | ProofEnded
    | Unfamiliar
)


class Callbacks(Protocol):
    """The carrier's side of our webhooks.

    `verify`, `read` and `sample` call nobody; the rest may raise any `CarrierError`.
    """

    def verify(self, subject: Subject, request: SignedRequest) -> bool:
        """Whether the carrier itself sent exactly this. Never raises, whatever came in."""
        ...

    def read(self, subject: Subject, body: bytes) -> Event:
        """Put a verified body into our words. Never raises: what cannot be read is `Unfamiliar`."""
        ...

    def sample(self, url: str) -> SignedRequest:
        """News of a message that there is not, signed as the carrier would, to be sent to this URL of ours.

        What is let in by it shows that signatures are checked against the right address and token; it changes nothing.
        """
        ...

    def porting_url(self) -> str | None:
        """Where the carrier sends porting callbacks now, or None."""
        ...

    def point_porting_at(self, url: str) -> None:
        """Have porting callbacks sent to this URL, leaving the rest of the configuration as it is. Idempotent."""
        ...

    def missed_messages(self, since: datetime) -> list[MessageArrived]:
        """Messages that arrived since then (aware UTC), oldest first: what our own outage made us miss."""
        ...

    def missed_calls(self, since: datetime) -> list[CallEnded]:
        """Calls that came since then (aware UTC) and are over, oldest first, whether we were asked about them or not.

        A number that has only just come in may be called before it is routed to us.
        """
        ...
