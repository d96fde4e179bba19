"""Notices about a draft, before the transfer is sent."""

from dataclasses import dataclass
from datetime import datetime

from service.notifications.facts import Notice
from service.notifications.models import NoticeKind


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftLeft(Notice):
    """A draft was begun and not sent."""

    kind = NoticeKind.DRAFT_LEFT
    begun_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DetailsGiven(Notice):
    """A person outside the workspace has answered everything that they were asked about a draft."""

    kind = NoticeKind.DETAILS_GIVEN
    giver: str
    given_at: datetime
