"""What registries and the carrier decide about who may text."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


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


class CampaignStatus(StrEnum):
    """The vetting status of the campaign of a messaging service."""

    PENDING = "PENDING"
    IN_PROGRESS = "IN_PROGRESS"
    VERIFIED = "VERIFIED"
    FAILED = "FAILED"


@dataclass(slots=True)
class Brand:
    """A business registered with the American operators."""

    sid: str
    account_sid: str
    profile: str
    a2p_profile: str
    kind: str
    created: datetime
    updated: datetime
    status: BrandStatus = BrandStatus.PENDING
