"""How much a workspace may store of what its members make. An operator sets other figures in `QUOTAS`."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class Quota(StrEnum):
    """What is counted in each workspace. FILES_MB are the megabytes of sent pictures, bills and greetings."""

    CONTACTS = "contacts"
    SCHEDULED_TEXTS = "scheduled_texts"
    NOTES = "notes"
    SAVED_REPLIES = "saved_replies"
    DRAFTS = "drafts"
    GREETINGS = "greetings"
    MEMBERS = "members"
    FILES_MB = "files_mb"


MOST: Final[Mapping[Quota, int]] = MappingProxyType(
    {
        Quota.CONTACTS: 50_000,
        Quota.SCHEDULED_TEXTS: 1_000,
        Quota.NOTES: 50_000,
        Quota.SAVED_REPLIES: 200,
        Quota.DRAFTS: 100,
        Quota.GREETINGS: 50,
        Quota.MEMBERS: 200,
        Quota.FILES_MB: 2_000,
    }
)
"""The most of each, where the operator sets nothing: far beyond what a busy shop needs in years."""
