"""What only this carrier keeps."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from sandbox.porting.records import Comment


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


class TextsStatus(StrEnum):
    """How far the texts of an order have come, which are ported by themselves."""

    NOT_APPLICABLE = "not_applicable"
    PENDING = "pending"
    ACTIVATING = "activating"
    EXCEPTION = "exception"
    PARTIAL = "partial_port_complete"
    PORTED = "ported"
    CANCELED = "canceled"


class JobStatus(StrEnum):
    """The states of an activation job."""

    CREATED = "created"
    IN_PROCESS = "in-process"
    COMPLETED = "completed"
    FAILED = "failed"


@dataclass(slots=True)
class ActivationJob:
    """When a fast order is ported: at a moment of its window that its owner may choose, else at its end."""

    sid: str
    opens: datetime
    closes: datetime
    activate_at: datetime
    created: datetime
    updated: datetime
    status: JobStatus = JobStatus.CREATED


@dataclass(slots=True)
class PortEvent:
    """What was told of a porting order (`subject`)."""

    sid: str
    account_sid: str
    subject: str
    kind: str
    payload: dict[str, object]
    created: datetime


@dataclass(slots=True)
class PortOrder:
    """A porting order. `fields` are what the customer has filled in, `codes` why it is in exception.

    `turn` counts the changes of its state, so that a step that was planned in an earlier state does nothing. `upsets`
    counts those of its date. `before_cancel` is the state to which it returns if a cancel is refused. `proofs` are the
    codes that were sent to its numbers; `proven` are the numbers whose code came back.
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
    upsets: int = 0
    before_cancel: PortStatus | None = None
    texts: TextsStatus = TextsStatus.NOT_APPLICABLE
    jobs: list[ActivationJob] = field(default_factory=list)
    proofs: dict[str, str] = field(default_factory=dict)
    proven: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Unproved:
    """What documents leave open, answered either way: see the carrier's README.

    A change of an order in exception sends it off again by itself (`patch_resubmits`), or it has to be confirmed. An
    order that was sent off can be changed (`submitted_changes`), or not. A text to a person who wants none is
    forbidden, 403 (`opt_outs_forbid`), or a conflict, 409.
    """

    patch_resubmits: bool = False
    submitted_changes: bool = False
    opt_outs_forbid: bool = False
