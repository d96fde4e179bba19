"""The registration facet: businesses as brands, programs as campaigns, toll-free verifications.

https://developers.telnyx.com/docs/messaging/10dlc
"""

from collections.abc import Mapping
from typing import Final

from provisioning.carriers.telnyx.brands import Brands
from provisioning.carriers.telnyx.campaigns import Campaigns
from provisioning.carriers.telnyx.client import understood
from provisioning.carriers.telnyx.toll_free import TollFree
from provisioning.contract.errors import Conflict
from provisioning.contract.registration import (
    Business,
    BusinessKind,
    Entered,
    Fee,
    Objection,
    Program,
    Registered,
    RegistrationCapabilities,
    TollFreeUse,
)

NUMBERS: Final = 49
"""The most numbers of a campaign at one of the operators."""

FEES: Final[Mapping[BusinessKind, Mapping[Fee, int]]] = {
    BusinessKind.LOW_VOLUME: {Fee.BUSINESS: 450, Fee.REVIEW: 1500, Fee.MONTH: 150},
    BusinessKind.STANDARD: {Fee.BUSINESS: 450, Fee.REVIEW: 1500, Fee.MONTH: 1000},
}
"""In cents: those of the registry, which carriers pass on. Nothing that Telnyx publishes confirms them."""


class TelnyxRegistration:
    """Sole proprietors are not registered: they prove themselves by a PIN, for which our pages have no place."""

    capabilities = RegistrationCapabilities(frozenset(FEES), FEES, NUMBERS)

    def __init__(self, brands: Brands, campaigns: Campaigns, toll_free: TollFree) -> None:
        self._brands = brands
        self._campaigns = campaigns
        self._toll_free = toll_free

    def check_business(self, business: Business, tag: str, news_url: str = "") -> tuple[Objection, ...]:
        """Nothing: the carrier checks a business only once it is paid for."""
        return ()

    def enter_business(self, business: Business, tag: str, news_url: str) -> str:
        """Register the brand, for which the fee is due."""
        with understood():
            return self._brands.enter(business, tag, news_url)

    def find_business(self, tag: str) -> str | None:
        """The brand with this tag."""
        with understood():
            return self._brands.find(tag)

    def entered(self) -> list[Entered]:
        """Every brand, with its tag."""
        with understood():
            return self._brands.entered()

    def opened(self) -> list[Entered]:
        """Every profile that is no number's, with its tag."""
        with understood():
            return self._campaigns.opened()

    def business(self, reference: str) -> Registered:
        """Where a brand stands."""
        with understood():
            return self._brands.state(reference)

    def mend_business(self, reference: str, business: Business, tag: str) -> None:
        """Change a brand, and have it checked anew."""
        with understood():
            self._brands.mend(reference, business)

    def ask_owner(self, reference: str) -> None:
        """Nobody is asked here."""
        raise Conflict("no owner is asked for an answer")

    def open_program(self, name: str, tag: str) -> str:
        """Open a profile that stands for the pool."""
        with understood():
            return self._campaigns.open(name, tag)

    def enter_program(self, reference: str, business: str, kind: BusinessKind, program: Program, news_url: str) -> None:
        """Submit the campaign of a pool, for which the fee of a review is due."""
        with understood():
            self._campaigns.enter(reference, business, kind, program, news_url)

    def program(self, reference: str) -> Registered | None:
        """Where the campaign of a pool stands."""
        with understood():
            return self._campaigns.state(reference)

    def mend_program(self, reference: str, program: Program) -> None:
        """Change a refused campaign and appeal, or submit another one, for which the fee of a review is due again."""
        with understood():
            self._campaigns.mend(reference, program)

    def verify_toll_free(
        self, number: str, business: Business, program: Program, use: TollFreeUse, tag: str, news_url: str
    ) -> Registered:
        """Submit a verification."""
        with understood():
            return self._toll_free.verify(number, business, program, use, tag, news_url)

    def find_toll_free(self, tag: str) -> Registered | None:
        """The verification with this tag."""
        with understood():
            return self._toll_free.find(tag)

    def mend_toll_free(self, reference: str, business: Business, program: Program, use: TollFreeUse) -> None:
        """Correct a rejected verification."""
        with understood():
            self._toll_free.mend(reference, business, program, use)
