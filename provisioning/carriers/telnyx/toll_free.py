"""Verifications of toll-free numbers (https://developers.telnyx.com/docs/messaging/toll-free-verification)."""

from collections.abc import Iterator, Mapping
from typing import Final

from provisioning.carriers.telnyx.brands import entity_type
from provisioning.carriers.telnyx.client import Client, understood
from provisioning.carriers.telnyx.json_parts import Json, id_of, objects_of, text_of
from provisioning.carriers.telnyx.objections import objections_in
from provisioning.contract.registration import (
    Business,
    BusinessKind,
    Program,
    Registered,
    Stage,
    TollFreeUse,
    tag_in,
)
from provisioning.regions import STATES, TERRITORIES

REQUESTS: Final = "/messaging_tollfree/verification/requests"
VERIFICATION_STAGES: Final[Mapping[str, Stage]] = {
    "Verified": Stage.APPROVED,
    "Rejected": Stage.REFUSED,
    "Waiting For Customer": Stage.REFUSED,
}
VOLUMES: Final = (10, 100, 1_000, 10_000, 100_000, 250_000, 500_000, 750_000, 1_000_000, 5_000_000)
MOST: Final = "10,000,000+"
LONGEST: Final = 500
LONGEST_SAMPLE: Final = 1000


class TollFree:
    """Has numbers verified. The address that the carrier is given for news names our tag."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def verify(
        self, number: str, business: Business, program: Program, use: TollFreeUse, tag: str, news_url: str
    ) -> Registered:
        """Submit a verification of a number (its id), unless one has this tag."""
        there = self.find(tag)
        if there:
            return there
        phone_number = text_of(self._client.fetch(f"/phone_numbers/{number}"), "phone_number")
        about = {"phoneNumbers": [{"phoneNumber": phone_number}], "webhookUrl": news_url}
        made = self._client.ask("POST", REQUESTS, json=_fields(business, program, use) | about)
        with understood():
            return _registered(made)

    def find(self, tag: str) -> Registered | None:
        """The verification with this tag, the newest of several."""
        found = self._requests()
        return next((_registered(one) for one in found if tag_in(one.get("webhookUrl")) == tag), None)

    def of_number(self, phone_number: str) -> list[Stage]:
        """The stages of all verifications of a number (E.164)."""
        found = self._requests(phone_number=phone_number)
        return [_registered(one).stage for one in found if _is_about(one, phone_number)]

    def mend(self, reference: str, business: Business, program: Program, use: TollFreeUse) -> None:
        """Correct a refused verification; the carrier wants to be told all of it."""
        there = self._client.ask("GET", f"{REQUESTS}/{reference}")
        kept = {name: there[name] for name in ("phoneNumbers", "webhookUrl") if there.get(name)}
        self._client.ask("PATCH", f"{REQUESTS}/{reference}", json=_fields(business, program, use) | kept)

    def _requests(self, **filters: str) -> Iterator[Json]:
        return self._client.fetch_records(REQUESTS, filters, size="page_size", total="total_records")


def _registered(made: Json) -> Registered:
    word = text_of(made, "verificationStatus")
    stage = VERIFICATION_STAGES.get(word, Stage.IN_REVIEW)
    refused = stage is Stage.REFUSED
    found = objections_in(word, made.get("reason") or "The carrier gave no reason.") if refused else ()
    return Registered(id_of(made, "id"), stage, found, word)


def _is_about(verification: Json, phone_number: str) -> bool:
    return any(one.get("phoneNumber") == phone_number for one in objects_of(verification, "phoneNumbers"))


def _fields(business: Business, program: Program, use: TollFreeUse) -> Json:
    """All but the number. What is too long for one field goes on in the next."""
    return {
        "businessName": business.legal_name,
        "doingBusinessAs": business.trade_name,
        "corporateWebsite": business.website,
        "entityType": entity_type(business),
        "messageVolume": _volume(use.texts_a_month),
        "useCase": "Conversational / Alerts",
        "useCaseSummary": program.description[:LONGEST],
        "productionMessageContent": program.samples[0][:LONGEST_SAMPLE],
        "optInWorkflow": program.flow[:LONGEST],
        "optInWorkflowImageURLs": [{"url": use.opt_in_image}],
        "additionalInformation": (program.flow[LONGEST:] or program.stop_text)[:LONGEST],
        "helpMessageResponse": program.help_text,
        "privacyPolicyURL": program.privacy_url,
        "termsAndConditionURL": program.terms_url,
        "ageGatedContent": program.age_gated,
        **_whereabouts(business),
        **_registration_number(business),
    }


def _whereabouts(business: Business) -> Json:
    """The carrier wants the state by its name."""
    address, person = business.address, business.person
    return {
        "businessAddr1": address.street,
        "businessAddr2": address.street2,
        "businessCity": address.city,
        "businessState": {**STATES, **TERRITORIES}.get(address.region, address.region),
        "businessZip": address.postal_code,
        "businessContactFirstName": person.first_name,
        "businessContactLastName": person.last_name,
        "businessContactEmail": person.email,
        "businessContactPhone": person.phone,
    }


def _registration_number(business: Business) -> Json:
    """Compulsory since 2026, but a sole proprietor has none."""
    if business.kind is BusinessKind.SOLE_PROPRIETOR:
        return {}
    return {
        "businessRegistrationNumber": business.tax_id,
        "businessRegistrationType": "EIN",
        "businessRegistrationCountry": business.address.country,
    }


def _volume(texts: int) -> str:
    """The smallest of the carrier's steps that holds a number of texts a month."""
    return next((f"{step:,}" for step in VOLUMES if texts <= step), MOST)
