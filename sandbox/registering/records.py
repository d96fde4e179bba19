"""Who may text: business profiles, brands, campaigns, toll-free verifications, and the fees they cost."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class ProfileStatus(StrEnum):
    """The review status of a customer profile or trust product."""

    DRAFT = "draft"
    PENDING_REVIEW = "pending-review"
    IN_REVIEW = "in-review"
    TWILIO_REJECTED = "twilio-rejected"
    TWILIO_APPROVED = "twilio-approved"


class VerificationStatus(StrEnum):
    """The status of the verification without which texts from a toll-free number are not delivered."""

    PENDING_REVIEW = "PENDING_REVIEW"
    IN_REVIEW = "IN_REVIEW"
    TWILIO_APPROVED = "TWILIO_APPROVED"
    TWILIO_REJECTED = "TWILIO_REJECTED"


class BrandStatus(StrEnum):
    """The registry's decision about a business."""

    PENDING = "PENDING"
    IN_REVIEW = "IN_REVIEW"
    APPROVED = "APPROVED"
    FAILED = "FAILED"
    SUSPENDED = "SUSPENDED"


class IdentityStatus(StrEnum):
    """How well the registry has proven who a business is."""

    SELF_DECLARED = "SELF_DECLARED"
    UNVERIFIED = "UNVERIFIED"
    VERIFIED = "VERIFIED"
    VETTED_VERIFIED = "VETTED_VERIFIED"


class CampaignStatus(StrEnum):
    """The vetting status of the campaign of a messaging service."""

    PENDING = "PENDING"
    IN_PROGRESS = "IN_PROGRESS"
    VERIFIED = "VERIFIED"
    FAILED = "FAILED"
    SUSPENDED = "SUSPENDED"


class NumberRegistration(StrEnum):
    """Whether the operators know that a number of a pool belongs to its campaign."""

    PENDING = "pending_registration"
    REGISTERED = "registered"
    LEAVING = "pending_deregistration"


@dataclass(slots=True)
class Part:
    """An end user (`IT`) or a supporting document (`RD`): one of the things that profiles are made of."""

    sid: str
    account_sid: str
    friendly_name: str
    kind: str
    attributes: dict[str, object]
    created: datetime
    updated: datetime


@dataclass(slots=True)
class Evaluation:
    """A comparison of a profile with its policy: one result, as the carrier writes it, for each requirement."""

    sid: str
    policy_sid: str
    created: datetime
    compliant: bool
    results: list[dict[str, object]]


@dataclass(slots=True)
class Profile:
    """A customer profile, or a trust product that builds on one (`is_product`). Both have a `BU` sid.

    `parts` and `numbers` hold what is assigned, by the sid of the assignment. `failure` is the reason that only the
    status callback tells, `errors` are the codes that the resource shows.
    """

    sid: str
    account_sid: str
    policy_sid: str
    friendly_name: str
    email: str
    created: datetime
    updated: datetime
    is_product: bool = False
    status: ProfileStatus = ProfileStatus.DRAFT
    status_callback: str = ""
    parts: dict[str, str] = field(default_factory=dict)
    numbers: dict[str, str] = field(default_factory=dict)
    assigned: dict[str, datetime] = field(default_factory=dict)
    evaluations: list[Evaluation] = field(default_factory=list)
    failure: str = ""
    errors: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Brand:
    """A business registered with the American operators. `errors` are the codes of its refusal."""

    sid: str
    account_sid: str
    profile: str
    a2p_profile: str
    kind: str
    created: datetime
    updated: datetime
    status: BrandStatus = BrandStatus.PENDING
    identity: IdentityStatus = IdentityStatus.UNVERIFIED
    skips_vetting: bool = False
    mock: bool = False
    errors: list[int] = field(default_factory=list)
    updates: int = 0
    asked_owner: datetime | None = None


@dataclass(slots=True)
class Campaign:
    """The campaign of a messaging service; `fields` in snake case, as they were sent. `errors` as of a brand."""

    brand: str
    fields: dict[str, str | list[str]]
    created: datetime
    updated: datetime
    status: CampaignStatus = CampaignStatus.PENDING
    errors: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Verification:
    """The verification of a toll-free number; `fields` in snake case, as they were sent."""

    sid: str
    account_sid: str
    number_sid: str
    fields: dict[str, str | list[str]]
    created: datetime
    updated: datetime
    status: VerificationStatus = VerificationStatus.PENDING_REVIEW
    errors: list[int] = field(default_factory=list)
    editable_until: datetime | None = None


@dataclass(slots=True)
class Sink:
    """Where the events of an account go: a URL, one event at a time or several in an array."""

    sid: str
    account_sid: str
    description: str
    destination: str
    batch: bool
    created: datetime
    updated: datetime
    status: str = "initialized"
    test_id: str = ""


@dataclass(slots=True)
class Subscription:
    """The event types that go to a sink, with their schema versions."""

    sid: str
    account_sid: str
    description: str
    sink_sid: str
    types: dict[str, int]
    created: datetime
    updated: datetime


@dataclass(slots=True)
class Fee:
    """Money that the carrier took, in cents of a US dollar, for a resource (`about`)."""

    account_sid: str
    at: datetime
    reason: str
    cents: int
    about: str
