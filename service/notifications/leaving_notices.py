"""Notices to those in charge of a workspace about numbers that leave to another operator."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from service.notifications.facts import Notice
from service.notifications.models import NoticeKind


@dataclass(frozen=True, slots=True, kw_only=True)
class LeavingNotice(Notice):
    """The operator that asks for the number or has it, as far as it is known."""

    footer: ClassVar[str] = "leaving_footer"
    operator: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PortOutAsked(LeavingNotice):
    """Another operator asks for a number, which is to leave on a day if one was named; a `locked` one is kept."""

    kind = NoticeKind.PORT_OUT_ASKED
    asked_at: datetime
    locked: bool
    leaves_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PortOutStopped(LeavingNotice):
    """The request was refused or withdrawn: the number stays."""

    kind = NoticeKind.PORT_OUT_STOPPED
    ended_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberLeft(LeavingNotice):
    """A number is with another operator now."""

    kind = NoticeKind.NUMBER_LEFT
    left_at: datetime
