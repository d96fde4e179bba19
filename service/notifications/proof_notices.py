"""Notices about what is proven of numbers that have come, and what is not yet."""

from dataclasses import dataclass
from datetime import datetime

from service.notifications.facts import Notice
from service.notifications.models import NoticeKind


@dataclass(frozen=True, slots=True, kw_only=True)
class ProofWanted(Notice):
    """No call or text from another network has come yet: the customer is asked to call and text the numbers."""

    kind = NoticeKind.PROOF_WANTED
    ported_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TextsWait(Notice):
    """Calls are proven and texts wait: for a registration (a `Lack`), or until they are delivered (`undelivered`)."""

    kind = NoticeKind.TEXTS_WAIT
    waits_for: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TextsArrived(Notice):
    """Texts to the numbers arrive here too."""

    kind = NoticeKind.TEXTS_ARRIVED
    texts_at: datetime
