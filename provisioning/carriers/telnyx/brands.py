"""Businesses as brands (https://developers.telnyx.com/docs/messaging/10dlc/brand-registration).

The carrier keeps no tag of ours, but it keeps the address that we want to be told at, which names it.
"""

from collections.abc import Iterable, Mapping
from typing import Final

from provisioning.carriers.telnyx.client import Client, understood
from provisioning.carriers.telnyx.json_parts import Json, id_of, text_of
from provisioning.carriers.telnyx.objections import objections_in, objections_of_feedback
from provisioning.contract.registration import (
    Business,
    BusinessKind,
    Entered,
    Industry,
    LegalForm,
    Objection,
    Registered,
    Stage,
    tag_in,
)

BRANDS: Final = "/10dlc/brand"
STAGES: Final[Mapping[str, Stage]] = {
    "REGISTRATION_PENDING": Stage.CHECKING,
    "REGISTRATION_FAILED": Stage.REFUSED,
}
REGISTERED: Final = "OK"
PROVEN: Final = frozenset({"SELF_DECLARED", "VERIFIED", "VETTED_VERIFIED"})

VERTICALS: Final[Mapping[Industry, str]] = {one: one.value.upper() for one in Industry} | {
    Industry.AUTOMOTIVE: "RETAIL",
    Industry.FINANCE: "FINANCIAL",
    Industry.FOOD: "HOSPITALITY",
    Industry.HEALTH: "HEALTHCARE",
    Industry.MEDIA: "ENTERTAINMENT",
    Industry.NON_PROFIT: "NGO",
    Industry.PROFESSIONAL_SERVICES: "PROFESSIONAL",
    Industry.TRANSPORT: "TRANSPORTATION",
    Industry.TRAVEL: "HOSPITALITY",
}


class Brands:
    """Registers businesses. Each costs a fee, so one with our tag is looked for before."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def enter(self, business: Business, tag: str, news_url: str) -> str:
        """Register a business, unless one of this name bears the tag; its id."""
        alike = self._client.fetch_records(BRANDS, {"displayName": business.trade_name})
        return self._tagged(alike, tag) or self._create(business, news_url)

    def find(self, tag: str) -> str | None:
        """The business with this tag. The list does not show it, so that each one is fetched, the newest first."""
        return self._tagged(self._client.fetch_records(BRANDS), tag)

    def entered(self) -> list[Entered]:
        """Every business with its tag. Each one is fetched."""
        found = self._client.fetch_records(BRANDS)
        return [Entered(id_of(one, "brandId"), self._tag_of(one)) for one in found]

    def state(self, reference: str) -> Registered:
        """Where a business stands. Of one that is registered and yet not known, the feedback tells why."""
        brand = self._client.ask("GET", f"{BRANDS}/{reference}")
        word = text_of(brand, "status")
        stage = _stage(brand, word)
        found = self._objections(reference, brand) if stage in {Stage.REFUSED, Stage.IN_REVIEW} else ()
        if found and word == REGISTERED:
            stage = Stage.REFUSED
        return Registered(reference, stage, found, word)

    def mend(self, reference: str, business: Business) -> None:
        """Change a business; where that alone does not have it checked anew, ask for it."""
        there = self._client.ask("GET", f"{BRANDS}/{reference}")
        changed = _fields(business) | {"webhookURL": there.get("webhookURL") or ""}
        self._client.ask("PUT", f"{BRANDS}/{reference}", json=changed)
        if self.state(reference).stage is Stage.REFUSED:
            self._client.ask("PUT", f"{BRANDS}/{reference}/revet")

    def _create(self, business: Business, news_url: str) -> str:
        made = self._client.ask("POST", BRANDS, json=_fields(business) | {"webhookURL": news_url})
        with understood():
            return id_of(made, "brandId")

    def _tagged(self, brands: Iterable[Json], tag: str) -> str | None:
        return next((id_of(one, "brandId") for one in brands if self._tag_of(one) == tag), None)

    def _tag_of(self, brand: Json) -> str:
        whole = self._client.ask("GET", f"{BRANDS}/{id_of(brand, 'brandId')}")
        return tag_in(whole.get("webhookURL"))

    def _objections(self, reference: str, brand: Json) -> tuple[Objection, ...]:
        reasons = brand.get("failureReasons")
        told = objections_of_feedback(self._client.ask("GET", f"{BRANDS}/feedback/{reference}"), reasons)
        refused = brand.get("status") != REGISTERED
        return told or objections_in("", "The registry gave no reason." if refused else "")


def _stage(brand: Json, word: str) -> Stage:
    """A business that is registered counts once the registry knows who it is; a sole proprietor proves it."""
    if word != REGISTERED:
        return STAGES.get(word, Stage.IN_REVIEW)
    if brand.get("entityType") == "SOLE_PROPRIETOR":
        return Stage.APPROVED if brand.get("identityStatus") == "VERIFIED" else Stage.AWAITS_OWNER
    return Stage.APPROVED if brand.get("identityStatus") in PROVEN else Stage.IN_REVIEW


def _fields(business: Business) -> Json:
    sole = business.kind is BusinessKind.SOLE_PROPRIETOR
    address, person = business.address, business.person
    fields = {
        "entityType": entity_type(business),
        "displayName": business.trade_name,
        "companyName": business.legal_name,
        "vertical": VERTICALS[business.industry],
        "website": business.website,
        "firstName": person.first_name,
        "lastName": person.last_name,
        "email": person.email,
        "phone": person.phone,
        "street": f"{address.street} {address.street2}".strip(),
        "city": address.city,
        "state": address.region,
        "postalCode": address.postal_code,
        "country": address.country,
    }
    return fields | ({"mobilePhone": business.owner_mobile} if sole else {"ein": _digits(business.tax_id)})


def entity_type(business: Business) -> str:
    """The carrier's word for the form of a business."""
    if business.kind is BusinessKind.SOLE_PROPRIETOR:
        return "SOLE_PROPRIETOR"
    if business.industry is Industry.GOVERNMENT:
        return "GOVERNMENT"
    return "NON_PROFIT" if business.legal_form is LegalForm.NON_PROFIT else "PRIVATE_PROFIT"


def _digits(tax_id: str) -> str:
    return "".join(digit for digit in tax_id if digit.isdecimal())
