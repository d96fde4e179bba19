"""The registration facet: businesses as brands, programs as campaigns, toll-free verifications.

https://www.twilio.com/docs/messaging/compliance/a2p-10dlc/onboarding-isv-api
"""

from collections.abc import Mapping
from typing import Final

from twilio.rest import Client
from twilio.rest.messaging.v1.brand_registration import BrandRegistrationInstance

from provisioning.carriers.twilio.bundles import Bundles
from provisioning.carriers.twilio.client import understood
from provisioning.carriers.twilio.objections import objections
from provisioning.carriers.twilio.programs import Programs
from provisioning.carriers.twilio.settings import Settings
from provisioning.carriers.twilio.toll_free import TollFree
from provisioning.contract.registration import (
    Business,
    BusinessKind,
    Entered,
    Fee,
    Objection,
    Program,
    Registered,
    RegistrationCapabilities,
    Stage,
    TollFreeUse,
)

STAGES: Final[Mapping[str, Stage]] = {
    "PENDING": Stage.CHECKING,
    "IN_REVIEW": Stage.IN_REVIEW,
    "FAILED": Stage.REFUSED,
    "SUSPENDED": Stage.SUSPENDED,
    "DELETION_PENDING": Stage.GONE,
    "DELETION_FAILED": Stage.SUSPENDED,
}
PROVEN: Final = frozenset({"SELF_DECLARED", "VERIFIED", "VETTED_VERIFIED"})
SETTLED: Final = frozenset({Stage.APPROVED, Stage.SUSPENDED, Stage.GONE})
PAGE: Final = 1000
NUMBERS: Final = 49
"""The most numbers of a campaign at one of the operators."""

FEES: Final[Mapping[BusinessKind, Mapping[Fee, int]]] = {
    BusinessKind.LOW_VOLUME: {Fee.BUSINESS: 450, Fee.REVIEW: 1500, Fee.MONTH: 150},
    BusinessKind.STANDARD: {Fee.BUSINESS: 450, Fee.VETTING: 4150, Fee.REVIEW: 1500, Fee.MONTH: 1000},
    BusinessKind.SOLE_PROPRIETOR: {Fee.BUSINESS: 450, Fee.REVIEW: 1500, Fee.MONTH: 200},
}
"""In cents, read in November 2026; the carrier changes them, so operators check them before they tell them."""


class TwilioRegistration:
    """Without a primary profile, which is made by hand in the console, nothing can be registered."""

    def __init__(self, client: Client, settings: Settings) -> None:
        self._client = client
        self._brands = client.messaging.v1.brand_registrations
        self._bundles = Bundles(client, settings.primary_profile, settings.registration_email)
        self._programs = Programs(client)
        self._toll_free = TollFree(client, settings.registration_email)
        kinds = frozenset(BusinessKind) if settings.primary_profile else frozenset()
        self.capabilities = RegistrationCapabilities(kinds, FEES if kinds else {}, NUMBERS)

    def check_business(self, business: Business, tag: str, news_url: str = "") -> tuple[Objection, ...]:
        """Evaluate the customer profile, which is instant and free."""
        with understood():
            return self._bundles.check(business, tag, news_url)

    def enter_business(self, business: Business, tag: str, news_url: str) -> str:
        """Submit both bundles and register the brand, for which the fee is due."""
        with understood():
            profile, product = self._bundles.submit(business, tag, news_url)
            there = self._brand_of(product)
            if there:
                return there
            sole = business.kind is BusinessKind.SOLE_PROPRIETOR
            made = self._brands.create(
                customer_profile_bundle_sid=profile,
                a2p_profile_bundle_sid=product,
                brand_type="SOLE_PROPRIETOR" if sole else "STANDARD",
                skip_automatic_sec_vet=business.kind is BusinessKind.LOW_VOLUME,
            )
            return _sid(made)

    def find_business(self, tag: str) -> str | None:
        """The brand over the trust product with this tag."""
        with understood():
            product = self._bundles.product_of(tag)
            return self._brand_of(product) if product else None

    def entered(self) -> list[Entered]:
        """Every brand, with the name of its trust product, which is our tag."""
        with understood():
            products = self._client.trusthub.v1.trust_products.stream(page_size=PAGE)
            tags = {product.sid: product.friendly_name or "" for product in products}
            brands = self._brands.stream(page_size=PAGE)
            return [Entered(_sid(brand), tags.get(brand.a2p_profile_bundle_sid, "")) for brand in brands]

    def opened(self) -> list[Entered]:
        """Every messaging service, with the last word of its name, which is our tag."""
        with understood():
            return self._programs.opened()

    def business(self, reference: str) -> Registered:
        """Where a brand stands; it is refused, too, once its profile is."""
        with understood():
            brand = self._brands(reference).fetch()
            stage, found = _stage(brand), objections(brand.errors)
            if stage not in SETTLED:
                rejected = self._bundles.rejection(brand.customer_profile_bundle_sid or "")
                stage, found = (Stage.REFUSED, rejected) if rejected else (stage, found)
            return Registered(reference, stage, found, str(brand.status))

    def mend_business(self, reference: str, business: Business, tag: str) -> None:
        """Change the parts in place, submit a rejected profile again, then the brand."""
        with understood():
            self._bundles.submit(business, tag)
            self._brands(reference).update()

    def ask_owner(self, reference: str) -> None:
        """Have the registry text the owner again, who answers YES within a day."""
        with understood():
            self._brands(reference).brand_registration_otps.create()

    def open_program(self, name: str, tag: str) -> str:
        """Open a messaging service."""
        with understood():
            return self._programs.open(name, tag)

    def enter_program(self, reference: str, business: str, kind: BusinessKind, program: Program, news_url: str) -> None:
        """Submit the campaign of a messaging service, for which the fee of a review is due. It reports nothing."""
        with understood():
            self._programs.enter(reference, business, kind, program)

    def program(self, reference: str) -> Registered | None:
        """Where the campaign of a messaging service stands."""
        with understood():
            return self._programs.state(reference)

    def mend_program(self, reference: str, program: Program) -> None:
        """Change a failed campaign, for which the fee of a review is due again."""
        with understood():
            self._programs.mend(reference, program)

    def verify_toll_free(
        self, number: str, business: Business, program: Program, use: TollFreeUse, tag: str, news_url: str
    ) -> Registered:
        """Submit a verification. It reports nothing."""
        with understood():
            return self._toll_free.verify(number, business, program, use, tag)

    def find_toll_free(self, tag: str) -> Registered | None:
        """The verification with this tag."""
        with understood():
            return self._toll_free.find(tag)

    def mend_toll_free(self, reference: str, business: Business, program: Program, use: TollFreeUse) -> None:
        """Correct a rejected verification."""
        with understood():
            self._toll_free.mend(reference, business, program, use)

    def _brand_of(self, product: str) -> str | None:
        found = self._brands.stream(page_size=PAGE)
        return next((one.sid for one in found if one.a2p_profile_bundle_sid == product), None)


def _stage(brand: BrandRegistrationInstance) -> Stage:
    if str(brand.status) != "APPROVED":
        return STAGES.get(str(brand.status), Stage.IN_REVIEW)
    if str(brand.identity_status) in PROVEN:
        return Stage.APPROVED
    return Stage.AWAITS_OWNER if brand.brand_type == "SOLE_PROPRIETOR" else Stage.IN_REVIEW


def _sid(brand: BrandRegistrationInstance) -> str:
    if not brand.sid:
        raise ValueError("a brand without a sid")
    return brand.sid
