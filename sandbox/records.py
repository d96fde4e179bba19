"""The records that the carrier keeps, one dataclass each, all of them in `State`."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import uuid4

from sandbox.calls.records import Call, CallerId, CallLimits, Conference, Recording
from sandbox.ordering.records import NumberOrder
from sandbox.porting.records import Mail, PortIn, PortOut, WebhookConfig
from sandbox.registering.records import (
    Brand,
    Campaign,
    Fee,
    NumberRegistration,
    Part,
    Profile,
    Sink,
    Subscription,
    Verification,
)
from sandbox.telnyx.records import Kept, Paper, PortEvent, PortOrder, Unproved


class Carrier(StrEnum):
    """The carriers whose protocol an account is served in."""

    TWILIO = "twilio"
    TELNYX = "telnyx"


def new_sid(prefix: str) -> str:
    """A new sid as Twilio writes them: two letters and 32 hexadecimal digits."""
    return prefix + uuid4().hex


def number_id(carrier: Carrier) -> str:
    """A new id of a number or an application: a sid at Twilio, at Telnyx a decimal number."""
    return new_sid("PN") if carrier is Carrier.TWILIO else f"{uuid4().int % 10**19:019}"


@dataclass(slots=True)
class Account:
    """The account or a subaccount, with the token that signs its callbacks."""

    sid: str
    token: str = field(repr=False)
    friendly_name: str
    created: datetime
    parent: str | None = None
    carrier: Carrier = Carrier.TWILIO


class Leg(StrEnum):
    """Voice or texts of a number. After a port one can work while the other does not."""

    VOICE = "voice"
    TEXTS = "texts"


@dataclass(slots=True)
class Detour:
    """Traffic that still goes to the losing carrier after a complete port.

    It comes from the phones of one operator (`network`; empty: of all), until a moment (None: until `mend`).
    """

    leg: Leg
    network: str = ""
    until: datetime | None = None


@dataclass(slots=True)
class Number:
    """A number in an account. `settings` holds the fields that its owner can change, in snake case.

    Calls reach it from `voice_from` on and texts from `texts_from` on, except for `detours`. None means that they
    still go to the losing carrier. `status` is what a carrier shows that shows one, where it is not the usual.
    """

    sid: str
    account_sid: str
    phone_number: str
    friendly_name: str
    created: datetime
    updated: datetime
    settings: dict[str, str] = field(default_factory=dict)
    tags: list[str] = field(default_factory=list)
    voice_from: datetime | None = None
    texts_from: datetime | None = None
    detours: list[Detour] = field(default_factory=list)
    emergency_changed: datetime | None = None
    status: str = ""


@dataclass(slots=True)
class Document:
    """The description of an uploaded bill; its content is not kept."""

    sid: str
    account_sid: str
    friendly_name: str | None
    document_type: str
    mime_type: str | None
    created: datetime


@dataclass(slots=True)
class Address:
    """A postal address; `fields` in snake case."""

    sid: str
    account_sid: str
    fields: dict[str, str]
    created: datetime


@dataclass(slots=True)
class Application:
    """Webhook settings that numbers share; `settings` in snake case, as on a number.

    `extras` are what only the carrier's protocol knows, as the JSON that came.
    """

    sid: str
    account_sid: str
    friendly_name: str
    created: datetime
    settings: dict[str, str] = field(default_factory=dict)
    extras: dict[str, object] = field(default_factory=dict)


@dataclass(slots=True)
class Service:
    """A messaging service: a pool of numbers with common settings, its campaign, and what operators know of it.

    `pool` and `registrations` are by the sid of the number. `extras` are what only the carrier's protocol knows, as the
    JSON that came.
    """

    sid: str
    account_sid: str
    friendly_name: str
    created: datetime
    updated: datetime
    settings: dict[str, str] = field(default_factory=dict)
    pool: dict[str, datetime] = field(default_factory=dict)
    registrations: dict[str, NumberRegistration] = field(default_factory=dict)
    campaign: Campaign | None = None
    extras: dict[str, object] = field(default_factory=dict)


@dataclass(slots=True)
class Media:
    """An attachment of a message; `source` is the sender's URL, or empty."""

    sid: str
    content_type: str
    source: str = ""


@dataclass(slots=True)
class Message:
    """A text, inbound or outbound."""

    sid: str
    account_sid: str
    service_sid: str | None
    from_: str | None
    to: str
    body: str
    status: str
    direction: str
    created: datetime
    updated: datetime
    media: list[Media] = field(default_factory=list)
    sent: datetime | None = None
    error_code: int | None = None
    status_callback: str = ""
    status_fallback: str = ""


@dataclass(slots=True)
class ApiKey:
    """An API key of an account: with its secret the account signs in and signs access tokens."""

    sid: str
    account_sid: str
    friendly_name: str
    secret: str = field(repr=False)
    created: datetime


@dataclass(slots=True)
class PhoneText:
    """A text as it arrived on an outside phone."""

    body: str
    from_: str
    at: datetime
    media: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Phone:
    """An outside phone."""

    number: str
    answers: str = "answer"
    texts: list[PhoneText] = field(default_factory=list)


@dataclass(slots=True)
class Callback:
    """A callback, how often it was sent (`tries`) with what result (`fate`).

    `about` is the message whose answer may hold a reply.
    """

    sid: str
    account_sid: str
    url: str
    method: str
    created: datetime
    form: list[tuple[str, str]] = field(default_factory=list)
    json_body: str | None = None
    fallback_url: str = ""
    about: str = ""
    sent: datetime | None = None
    tries: int = 0
    fate: list[str] = field(default_factory=list)


@dataclass(order=True, slots=True)
class Step:
    """A step on the agenda, to be carried out at `due`."""

    due: datetime
    turn: int
    what: str = field(compare=False)
    subject: str = field(compare=False)
    detail: str = field(default="", compare=False)


@dataclass(slots=True)
class State:
    """Everything the carrier keeps, by sid (phones by number)."""

    accounts: dict[str, Account] = field(default_factory=dict)
    keys: dict[str, ApiKey] = field(default_factory=dict)
    numbers: dict[str, Number] = field(default_factory=dict)
    port_ins: dict[str, PortIn] = field(default_factory=dict)
    port_outs: dict[str, PortOut] = field(default_factory=dict)
    documents: dict[str, Document] = field(default_factory=dict)
    addresses: dict[str, Address] = field(default_factory=dict)
    applications: dict[str, Application] = field(default_factory=dict)
    parts: dict[str, Part] = field(default_factory=dict)
    profiles: dict[str, Profile] = field(default_factory=dict)
    brands: dict[str, Brand] = field(default_factory=dict)
    verifications: dict[str, Verification] = field(default_factory=dict)
    sinks: dict[str, Sink] = field(default_factory=dict)
    subscriptions: dict[str, Subscription] = field(default_factory=dict)
    fees: list[Fee] = field(default_factory=list)
    last_registered: dict[str, datetime] = field(default_factory=dict)
    leaving: dict[str, datetime] = field(default_factory=dict)
    services: dict[str, Service] = field(default_factory=dict)
    offers: dict[str, datetime] = field(default_factory=dict)
    number_orders: dict[str, NumberOrder] = field(default_factory=dict)
    kept: dict[str, Kept] = field(default_factory=dict)
    papers: dict[str, Paper] = field(default_factory=dict)
    port_orders: dict[str, PortOrder] = field(default_factory=dict)
    port_events: dict[str, PortEvent] = field(default_factory=dict)
    unproved: Unproved = field(default_factory=Unproved)
    messages: dict[str, Message] = field(default_factory=dict)
    message_keys: dict[str, str] = field(default_factory=dict)
    calls: dict[str, Call] = field(default_factory=dict)
    call_limits: CallLimits = field(default_factory=CallLimits)
    conferences: dict[str, Conference] = field(default_factory=dict)
    recordings: dict[str, Recording] = field(default_factory=dict)
    caller_ids: dict[str, CallerId] = field(default_factory=dict)
    phones: dict[str, Phone] = field(default_factory=dict)
    posts: dict[str, Callback] = field(default_factory=dict)
    opt_outs: dict[str, datetime] = field(default_factory=dict)
    mailbox: list[Mail] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    signing: dict[str, str] = field(default_factory=dict)
    webhooks: WebhookConfig = field(default_factory=WebhookConfig)
    turn: int = 0
    seed: int = 0
