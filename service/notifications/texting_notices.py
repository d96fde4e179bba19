"""Notices about the registration of a business for texts to the United States."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from service.notifications.facts import Notice
from service.notifications.models import NoticeKind


@dataclass(frozen=True, slots=True, kw_only=True)
class TextingNotice(Notice):
    """The business by the name that its customers know, and since when it stands like that."""

    footer: ClassVar[str] = "texting_footer"
    business: str
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TextingAwaitsOwner(TextingNotice):
    """The owner has to answer a text of the registry within 24 hours."""

    kind = NoticeKind.TEXTING_AWAITS_OWNER


@dataclass(frozen=True, slots=True, kw_only=True)
class TextingOwnerLate(TextingNotice):
    """The 24 hours are over without an answer of the owner, who has the text sent again."""

    kind = NoticeKind.TEXTING_OWNER_LATE


@dataclass(frozen=True, slots=True, kw_only=True)
class TextingInReview(TextingNotice):
    """The business is verified; carriers now review what it texts."""

    kind = NoticeKind.TEXTING_IN_REVIEW


@dataclass(frozen=True, slots=True, kw_only=True)
class TextingRefused(TextingNotice):
    """Something was refused that the owner can correct."""

    kind = NoticeKind.TEXTING_REFUSED


@dataclass(frozen=True, slots=True, kw_only=True)
class TextingOn(TextingNotice):
    """What the business texts is approved: its texts are delivered."""

    kind = NoticeKind.TEXTING_ON


@dataclass(frozen=True, slots=True, kw_only=True)
class TextingSuspended(TextingNotice):
    """Carriers have suspended the registration; operators look into it."""

    kind = NoticeKind.TEXTING_SUSPENDED
