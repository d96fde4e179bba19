"""Registering a business with the operators, so that its texts to the United States are delivered.

Three things are registered, each with a fee of its own: the business (a *brand*), what it texts (a *program*, which
operators call a campaign), and instead of both, for a toll-free number, a *verification*. A number texts once it has
joined a registered program. Carriers differ in how many calls that takes, so each method may be repeated: what it
created is found by `tag` and finished. `tag` is ours, unique and unguessable.

A carrier reports to `news_url` that something has changed, where it reports such things. That URL is ours and names the
tag, so that a carrier which keeps no tags of ours can be asked for what has this URL (`tag_in`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, Protocol
from urllib.parse import parse_qs, urlsplit

from provisioning.contract.porting import Address

TAG_PARAMETER: Final = "registration"
"""The parameter of a `news_url` that is the tag."""


class BusinessKind(StrEnum):
    """How a business registers. A sole proprietor has no tax number, and proves a mobile by an answer to a text."""

    LOW_VOLUME = "low_volume"
    STANDARD = "standard"
    SOLE_PROPRIETOR = "sole_proprietor"


class LegalForm(StrEnum):
    """The legal form as an American tax letter tells it. A government counts as a non-profit."""

    CORPORATION = "corporation"
    LLC = "llc"
    PARTNERSHIP = "partnership"
    COOPERATIVE = "cooperative"
    NON_PROFIT = "non_profit"


class Industry(StrEnum):
    """The industries that every registry knows."""

    AGRICULTURE = "agriculture"
    AUTOMOTIVE = "automotive"
    CONSTRUCTION = "construction"
    EDUCATION = "education"
    FINANCE = "finance"
    FOOD = "food"
    GOVERNMENT = "government"
    HEALTH = "health"
    HOSPITALITY = "hospitality"
    INSURANCE = "insurance"
    LEGAL = "legal"
    MANUFACTURING = "manufacturing"
    MEDIA = "media"
    NON_PROFIT = "non_profit"
    PROFESSIONAL_SERVICES = "professional_services"
    REAL_ESTATE = "real_estate"
    RETAIL = "retail"
    TECHNOLOGY = "technology"
    TRANSPORT = "transport"
    TRAVEL = "travel"


class Stage(StrEnum):
    """Where a registration stands. AWAITS_OWNER: the owner has to answer a text; GONE: the carrier has it no more."""

    CHECKING = "checking"
    AWAITS_OWNER = "awaits_owner"
    IN_REVIEW = "in_review"
    APPROVED = "approved"
    REFUSED = "refused"
    SUSPENDED = "suspended"
    GONE = "gone"


class Mender(StrEnum):
    """Who can put right what was refused. FINAL: it is not to be filed again; LATER: it mends by itself."""

    CUSTOMER = "customer"
    WORDING = "wording"
    OPERATOR = "operator"
    LATER = "later"
    FINAL = "final"


@dataclass(frozen=True, slots=True)
class Person:
    """The person whom the registry may ask. Phone in E.164."""

    first_name: str
    last_name: str
    email: str
    phone: str
    title: str = "Owner"


@dataclass(frozen=True, slots=True)
class Business:
    """A business as its tax letter names it, suffix included.

    `tax_id` is an EIN, or "" for a sole proprietor, whose `owner_mobile` (E.164) is then needed. `website` is an
    absolute URL.
    """

    legal_name: str
    trade_name: str
    kind: BusinessKind
    legal_form: LegalForm
    industry: Industry
    tax_id: str = field(repr=False)
    address: Address
    website: str
    person: Person
    owner_mobile: str = ""


@dataclass(frozen=True, slots=True)
class Program:
    """What a business texts, to whom and why, and how people agreed to it (`flow`: every way, with its URL).

    `description` has 40 to 4,096 characters, `flow` 40 to 2,048, each of two to five `samples` 20 to 1,024; `help_text`
    and `stop_text` 20 to 320. `links` and `phones`: whether the samples contain any.
    """

    description: str
    flow: str
    samples: tuple[str, ...]
    help_text: str
    stop_text: str
    privacy_url: str
    terms_url: str
    links: bool = False
    phones: bool = False
    age_gated: bool = False


@dataclass(frozen=True, slots=True)
class TollFreeUse:
    """What the verification of a toll-free number asks beyond business and program.

    `opt_in_image` is the URL of a picture of how people agree; `texts_a_month` an estimate.
    """

    opt_in_image: str
    texts_a_month: int


@dataclass(frozen=True, slots=True)
class Objection:
    """One reason why something was refused. An unknown `code` has the carrier's own `text` and `url`."""

    code: str
    mender: Mender
    field: str = ""
    text: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Registered:
    """A registration at the carrier. `reference` is the carrier's id, `word` its own word for the stage."""

    reference: str
    stage: Stage
    objections: tuple[Objection, ...] = ()
    word: str = ""


@dataclass(frozen=True, slots=True)
class Entered:
    """A business or pool in our account at the carrier: its id there, and our tag, or what it bears in place of one."""

    reference: str
    tag: str


class Fee(StrEnum):
    """What costs money, and when: on entering, on each review, each month."""

    BUSINESS = "business"
    VETTING = "vetting"
    REVIEW = "review"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class RegistrationCapabilities:
    """What a carrier can register: the kinds of business, and what each costs in cents of a US dollar.

    Without kinds it registers nothing. `numbers` is how many numbers a program may have.
    """

    kinds: frozenset[BusinessKind] = frozenset()
    fees: Mapping[BusinessKind, Mapping[Fee, int]] = field(default_factory=dict)
    numbers: int = 0


class Registration(Protocol):
    """The facet. Every method may raise any `CarrierError`.

    The `enter_…` methods cost money. After a lost answer `find_…` tells whether it was entered; entering again with the
    same `tag` goes on where the lost one stopped and costs nothing twice, as far as the carrier lists what it has.
    """

    @property
    def capabilities(self) -> RegistrationCapabilities:
        """What can be registered here."""
        ...

    def check_business(self, business: Business, tag: str, news_url: str = "") -> tuple[Objection, ...]:
        """What the carrier objects to before a fee is due. It may keep a draft under `tag`."""
        ...

    def enter_business(self, business: Business, tag: str, news_url: str) -> str:
        """Register a business; its reference. Raises `Refused` without a fee for what the carrier refuses at once."""
        ...

    def find_business(self, tag: str) -> str | None:
        """The reference of the business that was entered with this tag."""
        ...

    def entered(self) -> list[Entered]:
        """Every business that is registered in our account, those that were entered by hand included."""
        ...

    def opened(self) -> list[Entered]:
        """Every pool in our account, those that were opened by hand included."""
        ...

    def business(self, reference: str) -> Registered:
        """Where a business stands. Raises `NotFound`."""
        ...

    def mend_business(self, reference: str, business: Business, tag: str) -> None:
        """Correct a refused business and submit it again. Raises `Refused` if it was corrected too often."""
        ...

    def ask_owner(self, reference: str) -> None:
        """Text the owner of a sole proprietor's business again. Raises `Conflict` if it awaits no answer."""
        ...

    def open_program(self, name: str, tag: str) -> str:
        """Open a pool for the numbers of a business, which texts from nowhere yet; its reference. Costs nothing."""
        ...

    def enter_program(self, reference: str, business: str, kind: BusinessKind, program: Program, news_url: str) -> None:
        """Register what a business texts, for an open pool. Raises `Refused` without a fee, as `enter_business`."""
        ...

    def program(self, reference: str) -> Registered | None:
        """Where the program of a pool stands; None if none was entered. Raises `NotFound` for an unknown pool."""
        ...

    def mend_program(self, reference: str, program: Program) -> None:
        """Correct a refused program and have it reviewed again, for another fee."""
        ...

    def verify_toll_free(
        self, number: str, business: Business, program: Program, use: TollFreeUse, tag: str, news_url: str
    ) -> Registered:
        """Have a toll-free number verified, once it is here; `number` is the carrier's reference of the number."""
        ...

    def find_toll_free(self, tag: str) -> Registered | None:
        """The verification that was entered with this tag."""
        ...

    def mend_toll_free(self, reference: str, business: Business, program: Program, use: TollFreeUse) -> None:
        """Correct a refused verification. Within seven days it keeps its place."""
        ...


def tag_in(news_url: object) -> str:
    """The tag that a news URL of ours names, "" for any other value."""
    return parse_qs(urlsplit(str(news_url or "")).query).get(TAG_PARAMETER, [""])[0]
