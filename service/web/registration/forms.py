"""The form of a business, and what people enter on its public page."""

import re
from collections.abc import Mapping
from functools import partial
from typing import Any, Final
from urllib.parse import urlsplit

from marshmallow import ValidationError, fields

from provisioning.contract.registration import BusinessKind, Industry, LegalForm
from service.optins import Way
from service.porting import national_forms
from service.registration.models import Business, Purpose
from service.web.shell.fields import CHOOSE, Secret, Typed, email, telephone, text
from service.web.shell.form import FormSchema, Tick

SOLE_PROPRIETOR: Final = "sole_proprietor"
"""The choice beside the legal forms."""

_EIN: Final = re.compile(r"(\d{2})[- ]?(\d{7})")
_NO_EIN: Final = "An EIN has nine digits, such as 12-3456789."
_A_PERSONS: Final = "This looks like a Social Security number. Enter the EIN of the business, or leave it empty."
_NO_ADDRESS: Final = "Write an address like bakery.example or https://bakery.example."
_SOCIAL: Final = re.compile(r"\d{3}-\d{2}-\d{4}")


def ein(typed: str) -> str:
    """An EIN as the tax letter writes it, or ""."""
    if _SOCIAL.fullmatch(typed):
        raise ValidationError([_A_PERSONS])
    found = _EIN.fullmatch(typed)
    if typed and not found:
        raise ValidationError([_NO_EIN])
    return "-".join(found.groups()) if found else ""


def website(typed: str) -> str:
    """The address of a website (an absolute URL), or ""."""
    url = typed if not typed or "://" in typed else f"https://{typed}"
    host = urlsplit(url).hostname or ""
    if url and ("." not in host or not url.startswith(("https://", "http://")) or " " in url):
        raise ValidationError([_NO_ADDRESS])
    return url


def _national(read: Any, typed: str) -> str:  # noqa: ANN401 -- a function of `national_forms`
    try:
        return str(read(typed)) if typed else ""
    except ValueError as refusal:
        raise ValidationError([str(refusal)]) from None


def _chosen(kinds: Any, typed: str) -> Any:  # noqa: ANN401 -- a value of that enumeration, or None
    if typed and typed not in list(kinds):
        raise ValidationError([CHOOSE])
    return kinds(typed) if typed else None


def _form_of_law(typed: str) -> LegalForm | str | None:
    return SOLE_PROPRIETOR if typed == SOLE_PROPRIETOR else _chosen(LegalForm, typed)


class BusinessForm(FormSchema):
    """The answers about a business, any of which may still be missing: it can be saved and finished later."""

    legal_name = Typed(text, longest=100)
    trade_name = Typed(text, longest=100)
    legal_form = Typed(_form_of_law)
    tax_id = Secret(ein)
    industry = Typed(partial(_chosen, Industry))
    street = Typed(text)
    street2 = Typed(text)
    city = Typed(text)
    region = Typed(partial(_national, national_forms.state), longest=50)
    postal_code = Typed(partial(_national, national_forms.zip_code), longest=20)
    website = Typed(website, longest=255)
    first_name = Typed(text)
    last_name = Typed(text)
    title = Typed(text)
    email = Typed(email)
    phone = Typed(telephone)
    owner_mobile = Typed(telephone)
    purpose = Typed(partial(_chosen, Purpose))
    sample_1 = Typed(text, longest=1024)
    sample_2 = Typed(text, longest=1024)
    way_wrote_first = fields.Boolean(load_default=False)
    way_own_website = fields.Boolean(load_default=False)
    way_on_paper = fields.Boolean(load_default=False)
    way_on_the_phone = fields.Boolean(load_default=False)
    agreed = fields.Boolean(load_default=False)

    merged = frozenset({"agreed"})  # it is kept nowhere, so nobody else can have changed it


_SAME: Final = (
    *("legal_name", "trade_name", "industry", "street", "street2", "city", "region", "postal_code", "website"),
    *("first_name", "last_name", "title", "email", "phone", "owner_mobile", "purpose"),
)
"""Fields with the name and the values of their column."""


def kept(business: Business) -> dict[str, Any]:
    """The answers of a business, as its form shows them."""
    first, second, *_ = [*business.samples, "", ""]
    is_sole = business.kind is BusinessKind.SOLE_PROPRIETOR
    return {
        **{name: getattr(business, name) for name in _SAME},
        "legal_form": SOLE_PROPRIETOR if is_sole else business.legal_form,
        "sample_1": first,
        "sample_2": second,
        **{f"way_{way}": True for way in business.ways},
    }


def store(business: Business, form_data: Mapping[str, Any]) -> None:
    """Keep the answers of the form. An EIN that is left empty stays, unless the owner has none."""
    for name in _SAME:
        if name in form_data:
            setattr(business, name, form_data[name])
    if "legal_form" in form_data:
        _store_form_of_law(business, form_data["legal_form"])
    if business.kind is BusinessKind.SOLE_PROPRIETOR:
        business.tax_id = None
    elif form_data.get("tax_id"):
        business.tax_id = form_data["tax_id"]
    _store_lists(business, form_data)


def _store_form_of_law(business: Business, chosen: LegalForm | str | None) -> None:
    is_sole = chosen == SOLE_PROPRIETOR
    business.kind = BusinessKind.SOLE_PROPRIETOR if is_sole else BusinessKind.LOW_VOLUME
    business.legal_form = chosen if isinstance(chosen, LegalForm) else None


def _store_lists(business: Business, form_data: Mapping[str, Any]) -> None:
    examples = dict(enumerate([*business.samples, "", ""][:2], 1))
    samples = [form_data.get(f"sample_{place}", before) for place, before in examples.items()]
    business.samples = samples if any(samples) else []
    if form_data.keys() & {f"way_{way}" for way in Way}:
        business.ways = [way.value for way in Way if form_data.get(f"way_{way}")]


class SignUpForm(FormSchema):
    """A number for the texts of a business, and the box that is empty at first."""

    number = Typed(telephone, required="Enter your mobile number.")
    agreed = Tick()
