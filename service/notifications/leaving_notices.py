"""Notices to those in charge of a workspace about numbers that leave to another operator."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from service.notifications.facts import Notice
from service.notifications.models import NoticeKind


@dataclass(frozen=True, slots=True, kw_only=True)
class LeavingNotice(Notice):
    """The operator that takes the number over, as far as it is known."""

    footer: ClassVar[str] = "leaving_footer"
    operator: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberLeft(LeavingNotice):
    """A number is with another operator now."""

    kind = NoticeKind.NUMBER_LEFT
    left_at: datetime
