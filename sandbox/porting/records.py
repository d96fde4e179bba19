"""The records of ports: requests, their numbers, their statuses, and the e-mails about them."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class NumberStatus(StrEnum):
    """The status of one number of a port request."""

    IN_REVIEW = "in_review"
    WAITING_FOR_SIGNATURE = "waiting_for_signature"
    PORT_SUBMITTED = "port_submitted"
    PORT_PENDING = "port_pending"
    PORT_REJECTED = "port_rejected"
    COMPLETED = "completed"
    CANCELING = "canceling"
    CANCELED = "canceled"


class RequestStatus(StrEnum):
    """The status of a port request."""

    IN_REVIEW = "in_review"
    WAITING_FOR_SIGNATURE = "waiting_for_signature"
    IN_PROGRESS = "in_progress"
    ACTION_REQUIRED = "action_required"
    COMPLETED = "completed"
    EXPIRED = "expired"
    CANCELED = "canceled"


FINAL_NUMBERS = frozenset({NumberStatus.COMPLETED, NumberStatus.CANCELED})
FINAL_REQUESTS = frozenset({RequestStatus.COMPLETED, RequestStatus.EXPIRED, RequestStatus.CANCELED})


@dataclass(slots=True)
class StatusChange:
    """What a number became at a moment, with the date or the rejection that it then had."""

    status: NumberStatus
    at: datetime
    port_date: datetime | None = None
    rejection_code: int | None = None


@dataclass(slots=True)
class PortNumber:
    """One number of a port request, which is the `turn`th for it. `past` is the book of its changes."""

    sid: str
    phone_number: str
    status: NumberStatus
    changed: datetime
    pin: str = field(default="", repr=False)
    not_portable_code: int | None = None
    rejection_code: int | None = None
    port_date: datetime | None = None
    before_cancel: NumberStatus | None = None
    upsets: int = 0
    turn: int = 1
    past: list[StatusChange] = field(default_factory=list)
    sent_back: datetime | None = None


@dataclass(slots=True)
class PortIn:
    """A port request. `asked` is what was filed, without PINs."""

    sid: str
    account_sid: str
    created: datetime
    status: RequestStatus
    changed: datetime
    ticket: int
    signature_key: str = field(repr=False)
    account_number: str = field(repr=False)
    asked: dict[str, object] = field(repr=False)
    numbers: list[PortNumber] = field(default_factory=list)
    mailed: datetime | None = None
    signed: datetime | None = None
    signed_by: str = ""
    reason: str | None = None

    def numbers_of(self, phone_number: str) -> list[PortNumber]:
        """The number of this request that is `phone_number`, if there is one."""
        return [number for number in self.numbers if number.phone_number == phone_number]

    @property
    def customer(self) -> dict[str, str]:
        """What was filed about the customer of the losing carrier."""
        losing_carrier = self.asked["losing_carrier_information"]
        return (
            {str(name): str(value) for name, value in losing_carrier.items()}
            if isinstance(losing_carrier, dict)
            else {}
        )


class PortOutStatus(StrEnum):
    """The status of a port away."""

    PENDING = "pending"
    AUTHORIZED = "authorized"
    REFUSAL_READ = "refusal-read"
    REFUSED = "refused"
    CANCELED = "canceled"
    PORTED = "ported"


@dataclass(slots=True)
class Comment:
    """A comment on a port, by the customer (`user`) or by the carrier's staff (`admin`)."""

    sid: str
    body: str
    user_type: str
    created: datetime


@dataclass(slots=True)
class PortOut:
    """The request of another operator for a number of an account, which goes at the moment it `leaves`.

    `pin` is what the operator gave, `refusal_code` and `reason` are the owner's. The other carrier of this world sets
    the date itself, and takes the number (`taken_by_neighbor`).
    """

    sid: str
    phone_number: str
    operator: str
    asked: datetime
    status: PortOutStatus
    account_sid: str
    pin: str = field(default="", repr=False)
    changed: datetime | None = None
    leaves: datetime | None = None
    refusal_code: int = 0
    reason: str = ""
    comments: list[Comment] = field(default_factory=list)
    taken_by_neighbor: bool = False


@dataclass(slots=True)
class Mail:
    """An e-mail that asks for a signature, as the carrier would send it."""

    to: str
    subject: str
    port_in: str
    url: str
    sent_at: datetime


@dataclass(slots=True)
class WebhookConfig:
    """Where the callbacks about ports go, and which of them are wanted."""

    port_in_target_url: str | None = None
    port_out_target_url: str | None = None
    notifications_of: list[str] = field(default_factory=list)
    port_in_created: datetime | None = None
    port_out_created: datetime | None = None
