"""Bringing numbers in from another operator."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from provisioning.contract.activation import Activation


class PortStatus(StrEnum):
    """The status of one number. UNKNOWN leaves the state unchanged and alerts an operator.

    DRAFT: the carrier keeps the order, and nothing is done about it until `Porting.complete` has sent it.
    """

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    AWAITING_SIGNATURE = "awaiting_signature"
    WITH_LOSING_CARRIER = "with_losing_carrier"
    SCHEDULED = "scheduled"
    ACTIVATING = "activating"
    PORTED = "ported"
    REJECTED = "rejected"
    CANCEL_REQUESTED = "cancel_requested"
    CANCELED = "canceled"
    EXPIRED = "expired"
    NOT_PORTABLE = "not_portable"
    UNKNOWN = "unknown"


class ReasonCode(StrEnum):
    """Why a number was rejected or cannot be ported."""

    ACCOUNT_NUMBER = "account_number"
    PIN = "pin"
    END_USER_NAME = "end_user_name"
    AUTHORIZED_PERSON = "authorized_person"
    ADDRESS = "address"
    POSTAL_CODE = "postal_code"
    BILLING_NUMBER = "billing_number"
    TAX_OR_ORG_ID = "tax_or_org_id"
    FULL_OR_PARTIAL = "full_or_partial"
    SPLIT_NEEDED = "split_needed"
    NUMBER_NOT_ON_ACCOUNT = "number_not_on_account"
    NUMBER_INACTIVE = "number_inactive"
    LOCKED_OR_FROZEN = "locked_or_frozen"
    PENDING_ORDER = "pending_order"
    SPECIAL_SERVICE = "special_service"
    PREPAID = "prepaid"
    CUSTOMER_WITHDREW = "customer_withdrew"
    NOT_PORTABLE = "not_portable"
    BY_HAND_ONLY = "by_hand_only"
    LOA = "loa"
    DATE = "date"
    LOSING_CARRIER_SILENT = "losing_carrier_silent"
    REGISTRY_CONFLICT = "registry_conflict"
    DUPLICATE_REQUEST = "duplicate_request"
    ALREADY_OURS = "already_ours"
    OTHER_OWNER = "other_owner"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason: the neutral code, with the carrier's code and text."""

    code: ReasonCode
    carrier_code: str = ""
    carrier_text: str = ""


class NumberKind(StrEnum):
    """The kind of a number. A carrier can tell mobile from fixed in the US; `phonenumbers` cannot."""

    LOCAL = "local"
    MOBILE = "mobile"
    TOLL_FREE = "toll_free"
    UNKNOWN = "unknown"


class Verdict(StrEnum):
    """Whether the carrier can port a number in. BY_HAND: only its staff can. UNKNOWN: it could not tell now."""

    YES = "yes"
    NO = "no"
    BY_HAND = "by_hand"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Portability:
    """The carrier's answer about one number (E.164) before anything is filed."""

    number: str
    verdict: Verdict
    kind: NumberKind = NumberKind.UNKNOWN
    needs_account_and_pin: bool = False
    reason: Reason | None = None


@dataclass(frozen=True, slots=True)
class Address:
    """A service address as it stands on the bill, in parts; `region` is the state, `country` ISO 3166-1 alpha-2."""

    street: str
    city: str
    region: str
    postal_code: str
    country: str
    street2: str = ""


class SubscriberKind(StrEnum):
    """The kind of holder at the old operator."""

    BUSINESS = "business"
    INDIVIDUAL = "individual"


@dataclass(frozen=True, slots=True)
class Subscriber:
    """The holder of the number exactly as the losing carrier knows them.

    `subscriber_id` is the organisation or personal identity number where a country requires it (Sweden: ten digits).
    """

    kind: SubscriberKind
    name: str
    authorized_person: str
    authorized_email: str
    address: Address
    account_number: str = field(default="", repr=False)
    billing_number: str = ""
    subscriber_id: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Paper:
    """A document of a filing: the latest bill or the signed letter. `media_type` is detected from the content."""

    name: str
    media_type: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class FiledNumber:
    """One number (E.164) to port in, with the old operator's transfer PIN if there is one."""

    number: str
    pin: str = field(default="", repr=False)


class Remaining(StrEnum):
    """What happens to the other numbers of an account when its main number is ported."""

    NONE = "none"
    KEEP = "keep"
    END = "end"


@dataclass(frozen=True, slots=True)
class Filing:
    """One order to be filed. `reference` is ours and lets `find` recognise it; `wished` is a local date.

    `remaining` is set only if the account's main number is among the numbers; with KEEP, `new_billing_number`
    (E.164) is the main number of those that stay. `letter` is the signed letter of authorisation,
    where the carrier takes ours.
    """

    reference: str
    numbers: tuple[FiledNumber, ...]
    subscriber: Subscriber
    bill: Paper
    wished: date | None = None
    copies_to: tuple[str, ...] = ()
    remaining: Remaining | None = None
    new_billing_number: str = ""
    letter: Paper | None = None

    @property
    def addresses(self) -> tuple[str, ...]:
        """The e-mail addresses that its letter and its copies go to."""
        return (self.subscriber.authorized_email, *self.copies_to)


class Precision(StrEnum):
    """The precision of a committed date. A DAY has no time of day."""

    DAY = "day"
    INSTANT = "instant"


@dataclass(frozen=True, slots=True)
class CommittedDate:
    """The date the losing carrier committed to.

    For precision DAY `day` is the local day at the number and `at` is None; for INSTANT `at` is aware UTC and
    `day` its date in the number's zone.
    """

    day: date
    precision: Precision = Precision.DAY
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class NumberSnapshot:
    """The present state of one number of an order; `word` is the carrier's status as written.

    `network` names the carrier at which the number lives, if that is not the one the order was filed with.
    """

    number: str
    status: PortStatus
    word: str
    reference: str = ""
    committed: CommittedDate | None = None
    reasons: tuple[Reason, ...] = ()
    network: str = ""


@dataclass(frozen=True, slots=True)
class Comment:
    """What the carrier's staff wrote about an order. Whatever may be a number or an address is left out of `text`."""

    reference: str
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class OrderSnapshot:
    """The present state of an order. The statuses of the numbers count; `word` is the order's own status.

    `signature_url` is where the letter of authorisation can be signed, and `addresses` the e-mail addresses that it and
    its copies go to, if the carrier shows them. `filing` is our reference of its filing, if the carrier keeps it;
    `comments` are those of its staff, where it has any. `texts_failed`: of numbers whose texts are ported apart from
    their calls, some texts could not be. `activation` tells when they come while that moment can be chosen.
    """

    reference: str
    word: str
    numbers: tuple[NumberSnapshot, ...]
    signature_url: str | None = None
    support_ticket: str = ""
    addresses: tuple[str, ...] = field(default=(), repr=False)
    filing: str = ""
    comments: tuple[Comment, ...] = ()
    texts_failed: bool = False
    activation: Activation | None = None

    def goes_to(self, addresses: Iterable[str]) -> bool:
        """Whether its letter or a copy goes to one of these addresses; letters' case does not matter."""
        shown = {address.casefold() for address in self.addresses}
        return not shown.isdisjoint(address.casefold() for address in addresses)


class ChangeAnswer(StrEnum):
    """The answer to a change of a filed order."""

    APPLIED = "applied"
    MUST_REFILE = "must_refile"
    NEEDS_STAFF = "needs_staff"


class CancelAnswer(StrEnum):
    """The answer to a cancel. ACCEPTED does not mean done: the order shows `canceled` once it is."""

    ACCEPTED = "accepted"
    TOO_LATE = "too_late"
    NEEDS_STAFF = "needs_staff"
