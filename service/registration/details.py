"""The answers of a business in the carrier's terms, as of the moment when they are sent."""

import re
from typing import Final

from provisioning.contract import registration as contract
from provisioning.contract.caller_trust import Caller
from provisioning.contract.porting import Address
from provisioning.contract.registration import Industry, LegalForm, Person, Program, TollFreeUse
from service.registration.models import Business

_LINK: Final = re.compile(r"https?://|\bwww\.", re.IGNORECASE)
_PHONE: Final = re.compile(r"\+?\d[\d\s().-]{8,}\d")


def business_of(business: Business) -> contract.Business:
    """Who the business is. An unanswered choice is sent as the most usual one; the form asks for it before."""
    return contract.Business(
        legal_name=business.legal_name,
        trade_name=business.trade_name or business.legal_name,
        kind=business.kind,
        legal_form=business.legal_form or LegalForm.LLC,
        industry=business.industry or Industry.PROFESSIONAL_SERVICES,
        tax_id=business.tax_id or "",
        address=Address(
            business.street, business.city, business.region, business.postal_code, business.country, business.street2
        ),
        website=business.website,
        person=Person(business.first_name, business.last_name, business.email, business.phone, business.title),
        owner_mobile=business.owner_mobile,
    )


def program_of(business: Business) -> Program:
    """What the business texts. Whether its samples have links and phone numbers in them is read in them."""
    samples = " ".join(business.samples)
    return Program(
        description=business.description,
        flow=business.flow,
        samples=tuple(business.samples),
        help_text=business.help_text,
        stop_text=business.stop_text,
        privacy_url=business.privacy_url,
        terms_url=business.terms_url,
        links=bool(_LINK.search(samples)),
        phones=bool(_PHONE.search(samples)),
        age_gated=business.age_gated,
    )


def caller_of(business: Business) -> Caller:
    """How its calls are to show."""
    return Caller(business.caller_name, business.employees, business.calls_a_day)


def toll_free_use_of(business: Business) -> TollFreeUse:
    """What the verification of a toll-free number asks besides."""
    return TollFreeUse(business.opt_in_image, business.texts_a_month)
