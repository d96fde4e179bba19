"""Reads the carrier's error answers: {"errors": [{"code", "title", "detail", "source": {"pointer", "parameter"}}]}.

https://developers.telnyx.com/api-reference/errors
"""

import json

import requests

from provisioning.carriers.telnyx.vocabulary import TROUBLES
from provisioning.contract.errors import Fault
from provisioning.http import ErrorAnswer, redacted

Json = dict[str, object]

# a duplicate, in use, locked · in another port · not in a search of ours, or no longer for sale
CONFLICTS = frozenset({"10012", "10021", "10035", "80003", "85000", "85001"})

# too many requests, it is busy, or the sender's queue is full: nothing was done, and may be done later
LATER = frozenset({"10011", "10036", "40011", "40016", "40018", "40318"})

# the account may not show this caller
NOT_PERMITTED = frozenset({"D35"})

# no key or a wrong one (20001 to 20009)
CREDENTIALS = frozenset({"10009", *(str(code) for code in range(20001, 20010))})

# the contract's field for the last part of a pointer, or the name of a parameter
FIELDS_BY_WORD = {
    "account_number": "account_number",
    "administrative_area": "region",
    "auth_person_name": "authorized_person",
    "billing_phone_number": "billing_number",
    "country_code": "country",
    "entity_name": "name",
    "extended_address": "street2",
    "foc_datetime_requested": "wished",
    "from": "sender",
    "invoice": "bill",
    "loa": "letter",
    "locality": "city",
    "phone_number": "number",
    "phone_numbers": "numbers",
    "pin_passcode": "pin",
    "postal_code": "postal_code",
    "street_address": "street",
    "to": "recipient",
}

FIELDS_BY_CODE = {
    "10016": "number",
    "80004": "wished",
    "80005": "pin",
    "80008": "letter",
    "80009": "letter",
    "80010": "letter",
    "80014": "address",
    "80018": "wished",
    "40310": "recipient",
}


def read_error(response: requests.Response) -> ErrorAnswer:
    """Read an error answer; the first of its errors decides. One without any has no code and no faults."""
    errors = _errors(response)
    codes = [_text(error, "code") for error in errors]
    code = codes[0] if codes else ""
    words = [_text(error, "detail") or _text(error, "title") for error in errors]
    return ErrorAnswer(
        text=" ".join(word for word in words if word) or response.reason or "",
        code=code,
        faults=tuple(_fault(error) for error in errors),
        conflict=code in CONFLICTS,
        later=code in LATER,
        refused=code in TROUBLES,  # the status that a STOP or a faulty text comes with is not published
        not_permitted=code in NOT_PERMITTED,
        credentials=code in CREDENTIALS or not code,
    )


def _errors(response: requests.Response) -> list[Json]:
    try:
        body = json.loads(response.text)
    except ValueError:
        return []
    errors = body.get("errors") if isinstance(body, dict) else None
    return [error for error in errors if isinstance(error, dict)] if isinstance(errors, list) else []


def _fault(error: Json) -> Fault:
    """A pointer leads to the field (`/end_user/admin/pin_passcode`), or else the code tells it."""
    source = error.get("source")
    named = source if isinstance(source, dict) else {}
    word = (_text(named, "pointer") or _text(named, "parameter")).rpartition("/")[2]
    field = FIELDS_BY_WORD.get(word) or FIELDS_BY_CODE.get(_text(error, "code"), "")
    return Fault(field, redacted(_text(error, "detail") or _text(error, "title")))


def _text(found: Json, name: str) -> str:
    value = found.get(name)
    return str(value) if isinstance(value, str | int) else ""
