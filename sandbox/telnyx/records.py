"""What only this carrier keeps."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


@dataclass(slots=True)
class Kept:
    """Something that only this carrier's accounts make, such as a notification profile (`kind`), with its fields."""

    sid: str
    account_sid: str
    kind: str
    fields: dict[str, object]
    created: datetime
    updated: datetime


@dataclass(slots=True)
class Paper:
    """An uploaded document without its content. One that nothing uses after half an hour is deleted."""

    sid: str
    account_sid: str
    filename: str
    size: int
    sha256: str
    reference: str
    created: datetime
    linked: bool = False


class PortStatus(StrEnum):
    """The states of a porting order."""

    DRAFT = "draft"
    IN_PROCESS = "in-process"
    SUBMITTED = "submitted"
    EXCEPTION = "exception"
    FOC_DATE_CONFIRMED = "foc-date-confirmed"
    CANCEL_PENDING = "cancel-pending"
    CANCELLED = "cancelled"
    PORTED = "ported"


OVER = frozenset({PortStatus.CANCELLED, PortStatus.PORTED})


@dataclass(slots=True)
class Comment:
    """A comment on a porting order, by the customer (`user`) or by the carrier's staff (`admin`)."""

    sid: str
    body: str
    user_type: str
    created: datetime


@dataclass(slots=True)
class PortOrder:
    """A porting order. `fields` are what the customer has filled in, `codes` why it is in exception.

    `turn` counts the changes of its state, so that a step that was planned in an earlier state does nothing.
    """

    sid: str
    account_sid: str
    numbers: list[str]
    created: datetime
    updated: datetime
    fields: dict[str, object] = field(default_factory=dict)
    status: PortStatus = PortStatus.DRAFT
    codes: list[str] = field(default_factory=list)
    support_key: str | None = None
    foc: datetime | None = None
    comments: list[Comment] = field(default_factory=list)
    turn: int = 0
