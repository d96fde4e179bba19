"""The answers of a business's form: what is still missing, and sending them."""

import re
import unicodedata
from collections.abc import Collection, Mapping
from typing import Final
from uuid import uuid4

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from provisioning.contract.registration import BusinessKind
from service.errors import Invalid
from service.registration.concerns import Concern, concerns
from service.registration.legal import name_of
from service.registration.models import Business
from service.registration.standing import State, standing
from service.registration.submitting import begin, try_again
from service.registration.wording import word_for_reviewers
from service.services import Services
from service.time import now

REQUIRED: Final[Mapping[str, str]] = {
    "legal_name": "Enter the legal name as on your tax letter.",
    "street": "Enter the street address of the business.",
    "city": "Enter the city.",
    "region": "Enter the state.",
    "postal_code": "Enter the ZIP code.",
    "industry": "Choose an industry.",
    "first_name": "Enter the first name.",
    "last_name": "Enter the last name.",
    "email": "Enter an email address that the person reads.",
    "phone": "Enter a phone number that reaches the person.",
    "purpose": "Choose what you text about.",
}
"""What is said of each answer that is always needed, if it is missing."""

_NO_TAX_ID: Final = "Enter the EIN, or choose sole proprietor if you have none."
_NO_MOBILE: Final = "Enter the mobile number that gets a text to confirm it is you."
_EXAMPLE: Final = "Write a text that you would send, of 20 characters or more."
_EXAMPLES_WANTED: Final = 2
_SHORTEST_EXAMPLE: Final = 20

FIELDS_OF: Final[Mapping[str, tuple[str, ...]]] = {
    "tax_id": ("legal_name", "tax_id"),
    "person": ("first_name", "last_name"),
    "address": ("street", "street2", "city", "region", "postal_code"),
    "samples": ("sample_1", "sample_2"),
    "flow": ("ways",),
    "description": ("purpose", "sample_1", "sample_2"),
}
"""The fields of the form that an objection to an answer is about, where they have other names."""


def lacking(business: Business) -> dict[str, list[str]]:
    """A sentence for each field that is needed and empty."""
    missing = {name: [sentence] for name, sentence in REQUIRED.items() if not getattr(business, name)}
    is_sole = business.kind is BusinessKind.SOLE_PROPRIETOR
    if not is_sole and not business.tax_id:
        missing["tax_id"] = [_NO_TAX_ID]
    if is_sole and not business.owner_mobile:
        missing["owner_mobile"] = [_NO_MOBILE]
    for place, sample in enumerate([*business.samples, "", ""][:_EXAMPLES_WANTED], 1):
        if len(sample) < _SHORTEST_EXAMPLE:
            missing[f"sample_{place}"] = [_EXAMPLE]
    return missing


def open_concerns(business: Business, ours: Collection[str], answered: Collection[str]) -> list[Concern]:
    """The doubts that keep a business from being sent: those not `answered` (keys), and what is refused for certain."""
    return [one for one in concerns(business, ours) if one.certain or one.key not in answered]


def send(session: Session, services: Services, business: Business, fee: int) -> None:
    """Have the business registered, or tried again after a refusal, for the `fee` (cents) that its owner agreed to.

    Raises:
        Invalid: answers are missing.
        Conflict: the carrier registers no such business, or it is registered or under way.
    """
    if missing := lacking(business):
        raise Invalid(missing)
    business.slug = business.slug or _free_slug(session, name_of(business))
    word_for_reviewers(business, page_of(services, business))
    business.confirmed_at = now()
    where = standing(session, business.workspace_id)
    if where.state is State.REFUSED and where.waits_for:
        try_again(session, where.waits_for, fee)
    else:
        begin(session, services, business, fee)


def page_of(services: Services, business: Business) -> str:
    """The address (an absolute URL) of a business's public page."""
    return f"{services.settings.public_base_url}/b/{business.slug}"


def _free_slug(session: Session, name: str) -> str:
    """A name for an address, which no other business has."""
    letters = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower().replace("'", "")
    slug = re.sub(r"[^a-z0-9]+", "-", letters).strip("-")[:60] or "business"
    taken = session.scalar(select(exists().where(Business.slug == slug)))
    return f"{slug}-{uuid4().hex[:6]}" if taken else slug
