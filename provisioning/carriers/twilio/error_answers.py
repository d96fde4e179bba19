"""Reads the carrier's error answers.

Two shapes are in use: {"code", "message", "more_info", "status"} and, on newer APIs, RFC 9457
{"type", "title", "status", "code", "detail", "errors": [{"detail", "pointer"}]}.
Codes: https://www.twilio.com/docs/api/errors
"""

import json
import re

import requests

from provisioning.contract.errors import Fault
from provisioning.http import ErrorAnswer, redacted

# no longer for sale · already in the account or being ported there · already in this messaging service
CONFLICTS = frozenset({"21422", "22131", "22136", "22137", "21710"})

# the account holds as many calls as it may, or the sender's queue is full: nothing was done, and may be done later
LATER = frozenset({"10004", "21611"})

# the account may not call or text this number, mostly for its country; comes with 400 or 403
NOT_PERMITTED = frozenset({"13227", "21215", "21216", "21408"})

CREDENTIALS = frozenset({"20003", "70051"})

FIELDS_BY_CODE = {
    "21211": "recipient",
    "21215": "recipient",
    "21216": "recipient",
    "21408": "recipient",
    "21212": "sender",
    "21421": "number",
    "21422": "number",
    "21451": "area",
    "21452": "area",
    "21614": "recipient",
    "22102": "number",
    "22172": "numbers",
    "22173": "address",
}

# the contract's field for each of the carrier's field names
FIELDS_BY_WORD = {
    "account_number": "account_number",
    "account_telephone_number": "billing_number",
    "address": "address",
    "authorized_representative": "authorized_person",
    "authorized_representative_email": "authorized_email",
    "city": "city",
    "country": "country",
    "customer_name": "name",
    "customer_type": "kind",
    "documents": "bill",
    "notification_emails": "copies_to",
    "phone_number": "number",
    "phone_numbers": "numbers",
    "pin": "pin",
    "state": "region",
    "street": "street",
    "street_2": "street2",
    "target_port_in_date": "wished",
    "zip": "postal_code",
}


def read_error(response: requests.Response) -> ErrorAnswer:
    """Read an error answer of either shape. One that is not JSON has no code and no faults."""
    body = _json_object(response)
    code = str(body.get("code") or "")
    text = str(body.get("message") or body.get("detail") or body.get("title") or response.reason or "")
    return ErrorAnswer(
        text=text,
        code=code,
        faults=_faults(body, code, text),
        conflict=code in CONFLICTS,
        later=code in LATER,
        not_permitted=code in NOT_PERMITTED,
        credentials=code in CREDENTIALS or not code,
    )


def _json_object(response: requests.Response) -> dict[str, object]:
    try:
        body = json.loads(response.text)
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def _faults(body: dict[str, object], code: str, text: str) -> tuple[Fault, ...]:
    errors = body.get("errors")
    if isinstance(errors, list) and errors:
        return tuple(_fault(error) for error in errors if isinstance(error, dict))
    words = dict.fromkeys(FIELDS_BY_WORD[word] for word in re.findall(r"\w+", text) if word in FIELDS_BY_WORD)
    fields = tuple(words) or (FIELDS_BY_CODE.get(code, ""),)
    return tuple(Fault(field, redacted(text)) for field in fields)


def _fault(error: dict[str, object]) -> Fault:
    """One entry of an RFC 9457 answer; `pointer` is a JSON pointer such as `#/losing_carrier_information/pin`."""
    word = str(error.get("pointer") or "").rpartition("/")[2]
    return Fault(FIELDS_BY_WORD.get(word, ""), redacted(str(error.get("detail") or "")))
