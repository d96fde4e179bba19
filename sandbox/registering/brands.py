"""Brand registrations: what the registry (TCR) decides about a business, and the owner's proof of a sole proprietor."""

import re
from collections.abc import Iterator

from sandbox.errors import OutOfTurn, Refusal
from sandbox.exchange import Exchange, StepKind
from sandbox.phones import Phones
from sandbox.records import PhoneText, Step, new_sid
from sandbox.registering import fees
from sandbox.registering.events import Events
from sandbox.registering.pace import Pace
from sandbox.registering.policies import BUSINESS, REPRESENTATIVE, SOLE_PROPRIETOR, STARTER
from sandbox.registering.profiles import address_of, part_of
from sandbox.registering.records import Brand, BrandStatus, IdentityStatus, Profile, ProfileStatus

REGISTRY_NUMBER = "+19152782000"
"""Texts the owner of a sole proprietor's brand, and reads the answer."""

BRANDS_PER_PERSON, BRANDS_PER_MOBILE = 10, 3
MOST_UPDATES = 3
SUBMITTED = {ProfileStatus.PENDING_REVIEW, ProfileStatus.IN_REVIEW, ProfileStatus.TWILIO_APPROVED}
ASKED = "Reply YES to confirm that you register this business for text messages."


class Brands:
    """Registers brands."""

    def __init__(self, exchange: Exchange, phones: Phones, events: Events, pace: Pace) -> None:
        self._exchange = exchange
        self._pace = pace
        self._phones = phones
        self._events = events

    def create(self, account_sid: str, profile: str, product: str, kind: str, *, skips: bool, mock: bool) -> Brand:
        """Register a brand, and take its fee. Raises `Refusal` without a fee if a profile was not submitted."""
        for sid, is_product in ((profile, False), (product, True)):
            found = self._exchange.state.profiles.get(sid)
            if found is None or found.account_sid != account_sid or found.is_product is not is_product:
                raise Refusal(20404, f"The requested resource {sid} was not found", 404)
            if found.status not in SUBMITTED:
                raise Refusal(21727, f"{sid} was not submitted for review.")
        self._pace.keep(account_sid)
        now = self._exchange.now()
        brand = Brand(new_sid("BN"), account_sid, profile, product, kind, now, now, skips_vetting=skips, mock=mock)
        self._exchange.state.brands[brand.sid] = brand
        if not mock:
            self._charge(brand)
        self._wait(brand)
        return brand

    def update(self, brand: Brand) -> None:
        """Submit a failed brand again. Raises `Refusal`: 21725 for another one, 21724 after three times."""
        if brand.status != BrandStatus.FAILED:
            raise Refusal(21725, "Only a failed Brand Registration can be updated.")
        if brand.updates >= MOST_UPDATES:
            raise Refusal(21724, "The Brand Registration has been updated too often.")
        self._pace.keep(brand.account_sid)
        brand.updates += 1
        brand.status, brand.errors, brand.updated = BrandStatus.PENDING, [], self._exchange.now()
        self._wait(brand)

    def ask_owner(self, brand: Brand) -> None:
        """Text the owner of a sole proprietor's brand. Raises `OutOfTurn` for any other."""
        if brand.kind != "SOLE_PROPRIETOR" or brand.identity != IdentityStatus.UNVERIFIED:
            message = "This brand awaits no answer of its owner."
            raise OutOfTurn(message)
        brand.asked_owner, brand.errors = self._exchange.now(), []
        self._phones.phone(self._mobile(brand)).texts.append(PhoneText(ASKED, REGISTRY_NUMBER, self._exchange.now()))

    def hear_owner(self, mobile: str, words: str) -> None:
        """Take the owner's answer; anything but YES, and a YES after a day, changes nothing."""
        for brand in self._exchange.state.brands.values():
            if brand.asked_owner is None or self._mobile(brand) != mobile or words.strip().upper() != "YES":
                continue
            if self._exchange.now() < brand.asked_owner + self._exchange.delays.owner_answers:
                brand.asked_owner = None
                self.verify(brand, IdentityStatus.VERIFIED)

    def decided(self, step: Step) -> None:
        """Decide about a brand that waits."""
        brand = self._exchange.state.brands.get(step.subject)
        if brand is None or brand.status != BrandStatus.PENDING:
            return
        codes = list(self._faults(brand))
        self.decide(brand, BrandStatus.FAILED if codes else BrandStatus.APPROVED, codes)

    def vetted(self, step: Step) -> None:
        """Finish the secondary vetting of an approved brand."""
        brand = self._exchange.state.brands[step.subject]
        if brand.status == BrandStatus.APPROVED:
            self.verify(brand, IdentityStatus.VETTED_VERIFIED)

    def expired(self, step: Step) -> None:
        """Let the question to an owner who has not answered expire."""
        brand = self._exchange.state.brands[step.subject]
        asked = brand.asked_owner
        if asked is not None and self._exchange.now() >= asked + self._exchange.delays.owner_answers:
            brand.asked_owner, brand.errors = None, [30752]

    def decide(self, brand: Brand, status: BrandStatus, codes: list[int]) -> None:
        """Give the registry's decision."""
        brand.status, brand.errors, brand.updated = status, codes, self._exchange.now()
        sole = brand.kind == "SOLE_PROPRIETOR"
        if status == BrandStatus.APPROVED:
            self._events.brand(brand, "brand-registered")
            self.verify(brand, IdentityStatus.UNVERIFIED if sole else IdentityStatus.VERIFIED)
        elif status == BrandStatus.FAILED:
            self._events.brand(brand, "brand-failure")
        if status == BrandStatus.APPROVED and sole:
            self.ask_owner(brand)
            self._exchange.later(StepKind.OWNER_SILENT, brand.sid, self._exchange.delays.owner_answers)
        elif status == BrandStatus.APPROVED and not brand.skips_vetting:
            self._exchange.later(StepKind.BRAND_VETTED, brand.sid, self._exchange.delays.brand_vetted)

    def verify(self, brand: Brand, identity: IdentityStatus) -> None:
        """Prove who a brand is."""
        brand.identity, brand.updated = identity, self._exchange.now()
        self._events.brand(brand, f"brand-{identity.lower().replace('_', '-')}")

    def name_of(self, brand: Brand) -> str:
        """The name of the business, whose magic marks choose how its registration goes."""
        part = self._part(brand, BUSINESS) or self._part(brand, SOLE_PROPRIETOR)
        return str(part.get("business_name") or part.get("brand_name") or "") if part else ""

    def _charge(self, brand: Brand) -> None:
        fees.take(self._exchange, brand.account_sid, "brand", fees.BRAND, brand.sid)
        if brand.kind == "STANDARD" and not brand.skips_vetting:
            fees.take(self._exchange, brand.account_sid, "vetting", fees.VETTING, brand.sid)

    def _wait(self, brand: Brand) -> None:
        delays = self._exchange.delays
        sole = brand.kind == "SOLE_PROPRIETOR"
        self._exchange.later(
            StepKind.BRAND_DECIDED, brand.sid, delays.sole_proprietor_decided if sole else delays.brand_decided
        )

    def _faults(self, brand: Brand) -> Iterator[int]:
        """The codes for which the registry refuses a brand."""
        bundles = (self._profile(brand.profile), self._profile(brand.a2p_profile))
        if any(one.status == ProfileStatus.TWILIO_REJECTED for one in bundles):
            yield 30791
        business = self._part(brand, BUSINESS) or {}
        number = re.sub(r"\D", "", str(business.get("business_registration_number", "")))
        if number.endswith("0795"):
            yield 30795
        if number.endswith("0703") or (number and self._registered_already(brand, number)):
            yield 30703
        yield from self._used_too_often(brand)

    def _registered_already(self, brand: Brand, number: str) -> bool:
        others = [other for other in self._approved() if other is not brand and other.account_sid == brand.account_sid]
        parts = (self._part(other, BUSINESS) or {} for other in others)
        return any(re.sub(r"\D", "", str(part.get("business_registration_number", ""))) == number for part in parts)

    def _used_too_often(self, brand: Brand) -> Iterator[int]:
        """The codes for a mobile, an e-mail address or a street that too many brands have."""
        others = [other for other in self._approved() if other is not brand]
        mobile, mail, street = self._mobile(brand), self._mail(brand), self._street(brand)
        if mobile and sum(self._mobile(other) == mobile for other in others) >= BRANDS_PER_MOBILE:
            yield 30750
        if mail and sum(self._mail(other) == mail for other in others) >= BRANDS_PER_PERSON:
            yield 30749
        if street and sum(self._street(other) == street for other in others) >= BRANDS_PER_PERSON:
            yield 30748

    def _approved(self) -> list[Brand]:
        return [one for one in self._exchange.state.brands.values() if one.status == BrandStatus.APPROVED]

    def _mobile(self, brand: Brand) -> str:
        return str((self._part(brand, SOLE_PROPRIETOR) or {}).get("mobile_phone_number", ""))

    def _mail(self, brand: Brand) -> str:
        return str((self._part(brand, REPRESENTATIVE, STARTER) or {}).get("email", ""))

    def _street(self, brand: Brand) -> tuple[str, ...]:
        address = address_of(self._exchange, self._profile(brand.profile))
        return tuple(address.fields.get(name, "") for name in ("street", "street_secondary", "city")) if address else ()

    def _profile(self, sid: str) -> Profile:
        return self._exchange.state.profiles[sid]

    def _part(self, brand: Brand, *kinds: str) -> dict[str, object] | None:
        profiles = (self._profile(brand.profile), self._profile(brand.a2p_profile))
        parts = (part_of(self._exchange, profile, *kinds) for profile in profiles)
        return next((part.attributes for part in parts if part), None)
