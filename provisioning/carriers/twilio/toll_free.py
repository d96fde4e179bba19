"""Verifications of toll-free numbers (https://www.twilio.com/docs/messaging/api/tollfree-verification-resource)."""

from typing import Any, Final

from twilio.rest import Client
from twilio.rest.messaging.v1.tollfree_verification import TollfreeVerificationInstance

from provisioning.carriers.twilio.objections import objection
from provisioning.contract.registration import (
    Business,
    BusinessKind,
    LegalForm,
    Program,
    Registered,
    Stage,
    TollFreeUse,
)

STAGES: Final = {"TWILIO_APPROVED": Stage.APPROVED, "TWILIO_REJECTED": Stage.REFUSED}
VOLUMES: Final = (10, 100, 1_000, 10_000, 100_000, 250_000, 500_000, 750_000, 1_000_000, 5_000_000, 10_000_000)
LONGEST_SUMMARY: Final = 500


class TollFree:
    """Has numbers verified. Our tag is the external reference by which a verification is found."""

    def __init__(self, client: Client, email: str) -> None:
        self._verifications = client.messaging.v1.tollfree_verifications
        self._email = email

    def verify(self, number: str, business: Business, program: Program, use: TollFreeUse, tag: str) -> Registered:
        """Submit a verification, unless one has this tag."""
        there = self.find(tag)
        if there:
            return there
        made = self._verifications.create(
            tollfree_phone_number_sid=number, external_reference_id=tag, **self._fields(business, program, use)
        )
        return _registered(made)

    def find(self, tag: str) -> Registered | None:
        """The verification with this tag."""
        found = self._verifications.list(external_reference_id=tag, limit=1)
        return _registered(found[0]) if found else None

    def mend(self, reference: str, business: Business, program: Program, use: TollFreeUse) -> None:
        """Correct a refused verification."""
        self._verifications(reference).update(edit_reason="corrected", **self._fields(business, program, use))

    def _fields(self, business: Business, program: Program, use: TollFreeUse) -> dict[str, Any]:
        sole = business.kind is BusinessKind.SOLE_PROPRIETOR
        registered = {} if sole else _registration_number(business)
        return {
            "business_name": business.legal_name,
            "doing_business_as": business.trade_name,
            "business_website": business.website,
            "business_type": _business_type(business),
            "notification_email": self._email,
            "use_case_categories": ["CUSTOMER_CARE"],
            "use_case_summary": program.description[:LONGEST_SUMMARY],
            "production_message_sample": program.samples[0],
            "opt_in_image_urls": [use.opt_in_image],
            "opt_in_type": TollfreeVerificationInstance.OptInType.WEB_FORM,
            "message_volume": _volume(use.texts_a_month),
            "additional_information": program.flow,
            "help_message_sample": program.help_text,
            "privacy_policy_url": program.privacy_url,
            "terms_and_conditions_url": program.terms_url,
            **_whereabouts(business),
            **registered,
        }


def _whereabouts(business: Business) -> dict[str, str]:
    return {
        "business_street_address": business.address.street,
        "business_street_address2": business.address.street2,
        "business_city": business.address.city,
        "business_state_province_region": business.address.region,
        "business_postal_code": business.address.postal_code,
        "business_country": business.address.country,
        "business_contact_first_name": business.person.first_name,
        "business_contact_last_name": business.person.last_name,
        "business_contact_email": business.person.email,
        "business_contact_phone": business.person.phone,
    }


def _registration_number(business: Business) -> dict[str, str]:
    return {
        "business_registration_number": business.tax_id,
        "business_registration_authority": "EIN",
        "business_registration_country": business.address.country,
    }


def _business_type(business: Business) -> str:
    if business.kind is BusinessKind.SOLE_PROPRIETOR:
        return "SOLE_PROPRIETOR"
    return "NON_PROFIT" if business.legal_form is LegalForm.NON_PROFIT else "PRIVATE_PROFIT"


def _volume(texts: int) -> str:
    """The smallest of the carrier's steps that holds a number of texts a month."""
    return f"{next((step for step in VOLUMES if texts <= step), VOLUMES[-1]):,}"


def _registered(made: TollfreeVerificationInstance) -> Registered:
    if not made.sid:
        raise ValueError("a verification without a sid")
    told = [(str(one.get("code") or ""), str(one.get("reason") or "")) for one in made.rejection_reasons or ()]
    if made.error_code and not told:
        told = [(str(made.error_code), made.rejection_reason or "")]
    found = tuple(objection(code, text=text) for code, text in told)
    return Registered(made.sid, STAGES.get(str(made.status), Stage.IN_REVIEW), found, str(made.status))
