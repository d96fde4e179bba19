"""Why registrations were refused. The carrier tells it in words, of a business also by the names of its fields.

https://developers.telnyx.com/docs/messaging/10dlc/campaign-registration
"""

import re
from collections.abc import Mapping
from typing import Final, NamedTuple

from provisioning.carriers.telnyx.json_parts import Json, objects_of
from provisioning.contract.registration import Mender, Objection
from provisioning.http import redacted

FIELDS: Final[Mapping[str, str]] = {
    "companyName": "legal_name",
    "displayName": "legal_name",
    "entityType": "legal_form",
    "vertical": "industry",
    "ein": "tax_id",
    "website": "website",
    "firstName": "person",
    "lastName": "person",
    "email": "email",
    "phone": "phone",
    "mobilePhone": "owner_mobile",
    "street": "address",
    "city": "address",
    "state": "address",
    "postalCode": "address",
}


class _Meaning(NamedTuple):
    words: str
    mender: Mender
    field: str = ""


_MEANINGS: Final = (
    _Meaning(r"cannabis|cbd|gambl|tobacco|vap(e|ing)|firearm|payday|phishing|\bshaft\b", Mender.FINAL),
    _Meaning(r"being ported|not (fully )?ported|port(ing)? in progress", Mender.LATER),
    _Meaning(r"privacy", Mender.WORDING, "privacy_url"),
    _Meaning(r"terms", Mender.WORDING, "terms_url"),
    _Meaning(r"opt[- ]?out|\bstop\b", Mender.WORDING, "stop_text"),
    _Meaning(r"opt[- ]?in|call[- ]to[- ]action|consent|message flow", Mender.CUSTOMER, "flow"),
    _Meaning(r"sample", Mender.WORDING, "samples"),
    _Meaning(r"\bhelp\b", Mender.WORDING, "help_text"),
    _Meaning(r"website|web site|\burl\b", Mender.CUSTOMER, "website"),
    _Meaning(r"description|use[- ]?case", Mender.WORDING, "description"),
    _Meaning(r"\bein\b|tax (id|number)|registration number", Mender.CUSTOMER, "tax_id"),
    _Meaning(r"address", Mender.CUSTOMER, "address"),
    _Meaning(r"business name|legal name", Mender.CUSTOMER, "legal_name"),
)
"""What words of a refusal mean; the first that occur decide. Codes are not published."""


def objections_of_feedback(feedback: Json, reasons: object) -> tuple[Objection, ...]:
    """Why a business was refused: by the fields that its feedback names, or else in the carrier's words."""
    told = tuple(_of_category(one) for one in objects_of(feedback, "category"))
    return told or objections_in("", reasons)


def objections_in(code: str, reasons: object) -> tuple[Objection, ...]:
    """The objection in the carrier's words, which only staff can look into where they mean nothing known."""
    text = redacted(" ".join(str(one) for one in reasons) if isinstance(reasons, list) else str(reasons or ""))
    if not text.strip():
        return ()
    known = (one for one in _MEANINGS if re.search(one.words, text, re.IGNORECASE))
    meaning = next(known, _Meaning("", Mender.OPERATOR))
    return (Objection(code, meaning.mender, meaning.field, text),)


def _of_category(category: Json) -> Objection:
    names = category.get("fields")
    fields = [FIELDS[name] for name in names if name in FIELDS] if isinstance(names, list) else []
    mender = Mender.CUSTOMER if fields else Mender.OPERATOR
    text = redacted(str(category.get("description") or ""))
    return Objection(str(category.get("id") or ""), mender, next(iter(fields), ""), text)
