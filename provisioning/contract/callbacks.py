"""Callbacks from carriers: verified, and read into neutral events. What matters is asked back, not believed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from http import HTTPStatus
from typing import Protocol

from provisioning.contract.messaging import MessageStatus, Trouble
from provisioning.contract.unreadable import Unreadable


class Subject(StrEnum):
    """The last part of a webhook's path: what the callback is about."""

    PORTING = "porting"
    MESSAGE = "message"
    MESSAGE_STATUS = "message-status"
    VOICE = "voice"
    CALL_STATUS = "call-status"
    PICKED_UP = "picked-up"
    RECORDING = "recording"
    TRANSCRIPT = "transcript"
    NUMBER_PROOF = "number-proof"
    REGISTRATION = "registration"


OurAddress = Callable[[Subject], str]
"""Our public URL for a carrier's callbacks about a subject, with a mark of ours.

It is for what names its own address at the carrier, such as an order. Call it when the address is needed.
"""


@dataclass(frozen=True, slots=True)
class SignedRequest:
    """A callback as it arrived.

    `url` is our public base URL plus the raw path and query, never taken from the Host header; header names are
    lower case; `body` is untouched.
    """

    url: str
    headers: Mapping[str, str]
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class OrderChanged:
    """An order has changed and must be fetched. `reference` is the carrier's; nothing else of the callback is used."""

    reference: str


@dataclass(frozen=True, slots=True)
class MessageArrived:
    """A text or picture to one of our numbers. `opt_out` is "stop", "start" or "help" if the carrier says so."""

    reference: str
    sender: str
    recipient: str
    text: str = field(repr=False)
    media_urls: tuple[str, ...] = ()
    opt_out: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class MessageProgressed:
    """The status of a message that we sent from `sender` to `recipient` (E.164), "" where the carrier did not say."""

    reference: str
    status: MessageStatus
    trouble: Trouble | None = None
    sender: str = ""
    recipient: str = ""


@dataclass(frozen=True, slots=True)
class CallArrived:
    """A call to one of our numbers; `forwarded_from` is set if another number forwarded it.

    With the `token`, where there is one, calls that we place because of it may show its caller's number.
    """

    reference: str
    caller: str
    called: str
    forwarded_from: str = ""
    token: str = field(default="", repr=False)


class CallOutcome(StrEnum):
    """How ringing our phones ended. NOT_TAKEN: a phone was picked up, but the call was not put through."""

    ANSWERED = "answered"
    NOT_TAKEN = "not_taken"
    BUSY = "busy"
    NO_ANSWER = "no_answer"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class RingEnded:
    """The phones of a `Ring` step have rung, with this outcome."""

    reference: str
    caller: str
    called: str
    outcome: CallOutcome


@dataclass(frozen=True, slots=True)
class KeyPressed:
    """The answer to an `AskForKey` step. On a phone that was rung for a call, `parent` is that call's reference."""

    reference: str
    key: str
    caller: str = ""
    called: str = ""
    parent: str = ""


@dataclass(frozen=True, slots=True)
class PickedUp:
    """A call of ours was picked up: by a person or, as far as the carrier can tell, `by_machine` (voicemail, fax)."""

    reference: str
    by_machine: bool


@dataclass(frozen=True, slots=True)
class CallPlaced:
    """The carrier has begun a call that we placed, and tells its id, which its answer to us may have lacked.

    A call with a `parent` is one to a phone that a step of that call rings: some carriers tell of these unasked.
    """

    reference: str
    parent: str = ""


@dataclass(frozen=True, slots=True)
class CallEnded:
    """A call has ended after so many seconds. `at` is when it arrived, or None if the callback does not say.

    `parent` is as in `CallPlaced`.
    """

    reference: str
    caller: str
    called: str
    seconds: int
    forwarded_from: str = ""
    at: datetime | None = None
    parent: str = ""


@dataclass(frozen=True, slots=True)
class VoicemailLeft:
    """A voicemail was recorded; it can be fetched at `url`."""

    reference: str
    recording: str
    url: str
    seconds: int


@dataclass(frozen=True, slots=True)
class TalkRecorded:
    """A conversation was recorded; it can be fetched at `url`. That of a room may have no `reference`."""

    reference: str
    recording: str
    url: str
    seconds: int


@dataclass(frozen=True, slots=True)
class TranscriptReady:
    """The transcript of a recording; `text` is empty if there is none."""

    reference: str
    recording: str
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ProofEnded:
    """The validation call to a number (E.164) has ended. Whether the code was keyed must be asked."""

    number: str


@dataclass(frozen=True, slots=True)
class RegistrationChanged:
    """A part of a registration (the carrier's reference) has changed; where that stands must be asked.

    `reason` is the carrier's own words of a refusal, "" without one: its answers do not repeat them.
    """

    reference: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Unfamiliar:
    """A genuine callback that cannot be read. It is kept and shown to an operator; `why` holds no customer data."""

    why: str


Event = (
    OrderChanged
    | MessageArrived
    | MessageProgressed
    | CallArrived
    | RingEnded
    | KeyPressed
    | PickedUp
    | CallPlaced
    | CallEnded
    | VoicemailLeft
    | TalkRecorded
    | TranscriptReady
    | ProofEnded
    | RegistrationChanged
    | Unfamiliar
)


class Callbacks(Protocol):
    """Verifies and reads callbacks, and says where they go.

    `thanks`, `signs_addresses`, `verify`, `read` and `sample` make no request; the rest may raise any `CarrierError`.
    """

    @property
    def thanks(self) -> HTTPStatus:
        """The status of our empty answer by which the carrier knows that a callback was kept."""
        ...

    @property
    def signs_addresses(self) -> bool:
        """Whether the signature covers the address. Elsewhere each address of ours carries a mark of our own."""
        ...

    def verify(self, subject: Subject, request: SignedRequest, at: datetime) -> bool:
        """Whether the carrier sent exactly this request, which came `at` (aware UTC). Never raises.

        Where signatures bear a time, those of another time than this are refused.
        """
        ...

    def read(self, subject: Subject, body: bytes) -> tuple[Event, ...]:
        """Read a verified body into its events; none where it tells nothing that we act on.

        Only the body is read, as not every carrier signs addresses and headers. What asks for the next steps of a call
        is one event. Never raises: what cannot be read is `Unfamiliar`.
        """
        ...

    def sample(self, url: str) -> SignedRequest | None:
        """A signed status callback for a message that does not exist, to be sent to this URL of ours.

        If it is accepted, signatures are checked against the right address and token. It changes nothing. None where
        the carrier alone can sign.
        """
        ...

    def porting_url(self) -> str | None:
        """The address to which the carrier sends porting callbacks, or None."""
        ...

    def point_porting_at(self, url: str) -> None:
        """Have porting callbacks sent to this URL, without changing the rest of the configuration. Idempotent."""
        ...

    def received_messages(self, since: datetime) -> list[MessageArrived | Unreadable]:
        """Messages that arrived since then (aware UTC), oldest first. It finds those that an outage of ours missed."""
        ...

    def ended_calls(self, since: datetime) -> list[CallEnded | Unreadable]:
        """Ended calls that arrived since then (aware UTC), oldest first, with or without a callback.

        A number that has just been ported may be called before it is routed to us.
        """
        ...
