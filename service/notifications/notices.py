"""Every notice to a customer, with the facts that it is worded from.

A notice is one class, here or (about a draft, proofs, numbers that leave, the registration of texts) in
`draft_notices.py`, `proof_notices.py`, `leaving_notices.py` and `texting_notices.py`; one value of `NoticeKind`; and
one template for each language. A field with a default may be unknown; then the notice says less.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, TypeAlias

from service.notifications.draft_notices import DetailsGiven, DraftLeft
from service.notifications.facts import Notice
from service.notifications.leaving_notices import NumberLeft, PortOutAsked, PortOutStopped
from service.notifications.models import NoticeKind
from service.notifications.proof_notices import ProofWanted, TextsArrived, TextsWait
from service.notifications.texting_notices import (
    TextingAwaitsOwner,
    TextingInReview,
    TextingOn,
    TextingOwnerLate,
    TextingRefused,
    TextingSuspended,
)

DayOrMoment: TypeAlias = date | datetime
"""A day, or an aware moment where the carrier stated a clock time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Submitted(Notice):
    """The customer asked us to transfer the numbers."""

    kind = NoticeKind.SUBMITTED
    submitted_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SignatureNotice(Notice):
    """Who has to sign the letter of authorization, and in which mailbox it is."""

    signer: str
    mailbox: str
    asked_at: datetime
    sign_until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SignatureWanted(SignatureNotice):
    """The letter of authorization was sent for signature."""

    kind = NoticeKind.SIGNATURE_WANTED


@dataclass(frozen=True, slots=True, kw_only=True)
class SignatureReminder(SignatureNotice):
    """The letter of authorization is still unsigned."""

    kind = NoticeKind.SIGNATURE_REMINDER


@dataclass(frozen=True, slots=True, kw_only=True)
class SignHere(Notice):
    """To the signer: the page on which our own letter of authorization is read and signed."""

    kind = NoticeKind.SIGN_HERE
    signer: str
    holder: str
    sign_until: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionNeeded(Notice):
    """The losing carrier objected to something that the customer has to correct."""

    kind = NoticeKind.ACTION_NEEDED
    found_at: datetime
    reasons: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DateSet(Notice):
    """The losing carrier committed to a date; `choosable`: the customer can choose its moment."""

    kind = NoticeKind.DATE_SET
    date: DayOrMoment
    date_version: int
    choosable: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DateMoved(Notice):
    """The committed date is another one now."""

    kind = NoticeKind.DATE_MOVED
    old_date: DayOrMoment
    date: DayOrMoment
    date_version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DateWithdrawn(Notice):
    """The committed date was withdrawn, and there is no new one yet."""

    kind = NoticeKind.DATE_WITHDRAWN
    old_date: DayOrMoment
    date_version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NotReady(Notice):
    """The date is near, and the customer lacks these things: phones, forwarding, services, registration."""

    kind = NoticeKind.NOT_READY
    date: DayOrMoment
    missing: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class DateReminder(Notice):
    """The date is near."""

    date: DayOrMoment


@dataclass(frozen=True, slots=True, kw_only=True)
class TwoDaysBefore(DateReminder):
    """The date is tomorrow or the day after."""

    kind = NoticeKind.TWO_DAYS_BEFORE


@dataclass(frozen=True, slots=True, kw_only=True)
class EveningBefore(DateReminder):
    """The number moves early tomorrow morning."""

    kind = NoticeKind.EVENING_BEFORE


@dataclass(frozen=True, slots=True, kw_only=True)
class MorningOf(DateReminder):
    """The number moves today."""

    kind = NoticeKind.MORNING_OF


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrived(Notice):
    """Calls to the numbers arrive here. Those that are `textless` carry no texts."""

    kind = NoticeKind.ARRIVED
    ported_at: datetime
    temporary: str = ""
    textless: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Done(Notice):
    """Everything works here and the old service may end; `others` would end with it, `textless` carry no texts."""

    kind = NoticeKind.DONE
    done_at: datetime
    others: Sequence[str] = ()
    textless: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CallsAstray(Notice):
    """Some networks still send calls to the old operator."""

    kind = NoticeKind.CALLS_ASTRAY
    found_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenBack(Notice):
    """Our part of the transfer was undone; the temporary number serves again."""

    kind = NoticeKind.TAKEN_BACK
    taken_back_at: datetime
    temporary: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Returned(Notice):
    """The numbers went back to the old operator, as the customer asked."""

    kind = NoticeKind.RETURNED
    returned_at: datetime
    temporary: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseNotice(Notice):
    """The temporary number will be given back."""

    kind = NoticeKind.RELEASE_NOTICE
    temporary: str
    release_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class LastBill(Notice):
    """A month after all was done: did the old operator's last bill come to nothing?"""

    kind = NoticeKind.LAST_BILL
    done_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Canceled(Notice):
    """The transfer was canceled; a date it had is taken out of calendars."""

    kind = NoticeKind.CANCELED
    canceled_at: datetime
    old_date: DayOrMoment | None = None
    date_version: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelRefused(Notice):
    """It is too late to cancel."""

    kind = NoticeKind.CANCEL_REFUSED
    refused_at: datetime
    date: DayOrMoment | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Expired(Notice):
    """The letter of authorization was not signed in time."""

    kind = NoticeKind.EXPIRED
    expired_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NotPortable(Notice):
    """Our carrier cannot take the numbers over."""

    kind = NoticeKind.NOT_PORTABLE
    found_at: datetime
    reasons: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Status(Notice):
    """The answer to the text STATUS: `standing` is a state of a port, `first` and `last` the expected days."""

    kind = NoticeKind.STATUS
    standing: str
    date: DayOrMoment | None = None
    first: DayOrMoment | None = None
    last: DayOrMoment | None = None


NOTICES: Final[Sequence[type[Notice]]] = (
    DraftLeft,
    DetailsGiven,
    Submitted,
    SignatureWanted,
    SignHere,
    SignatureReminder,
    ActionNeeded,
    DateSet,
    DateMoved,
    DateWithdrawn,
    NotReady,
    TwoDaysBefore,
    EveningBefore,
    MorningOf,
    Arrived,
    ProofWanted,
    TextsWait,
    TextsArrived,
    Done,
    CallsAstray,
    TakenBack,
    Returned,
    ReleaseNotice,
    LastBill,
    Canceled,
    CancelRefused,
    Expired,
    NotPortable,
    Status,
    PortOutAsked,
    PortOutStopped,
    NumberLeft,
    TextingAwaitsOwner,
    TextingOwnerLate,
    TextingInReview,
    TextingRefused,
    TextingOn,
    TextingSuspended,
)
"""Every notice, in the order of `NoticeKind`."""
