"""`lookups.twilio.com/v2`: facts about a number. https://www.twilio.com/docs/lookup/v2-api."""

import phonenumbers
from flask import Blueprint, request
from phonenumbers import PhoneNumberFormat, ValidationResult

from sandbox.current import the_world
from sandbox.operators import NOT_KNOWN, operator_of, subscriber_of
from sandbox.twilio.auth import guard
from sandbox.twilio.paging import Json

# the packages that can be requested; those that the sandbox does not know stay null
PACKAGES = (
    "caller_name",
    "sim_swap",
    "call_forwarding",
    "line_status",
    "line_type_intelligence",
    "identity_match",
    "reassigned_number",
    "sms_pumping_risk",
    "phone_number_quality_score",
    "pre_fill",
)
COMPLAINTS = {
    ValidationResult.TOO_SHORT: "TOO_SHORT",
    ValidationResult.TOO_LONG: "TOO_LONG",
    ValidationResult.INVALID_LENGTH: "INVALID_LENGTH",
    ValidationResult.INVALID_COUNTRY_CODE: "INVALID_COUNTRY_CODE",
}
lookups = guard(Blueprint("lookups", __name__, url_prefix="/lookups.twilio.com/v2"))


@lookups.get("/PhoneNumbers/<phone_number>")
def look_up(phone_number: str) -> Json:
    """Look a number up: its validity, and of `Fields` the operator and the caller name. An invalid number is no error.

    A number in national format is read as one of `CountryCode`, by default as an American one.
    """
    answer: Json = dict.fromkeys((*PACKAGES, "calling_country_code", "country_code", "national_format"))
    answer |= {"phone_number": phone_number, "url": f"https://lookups.twilio.com/v2/PhoneNumbers/{phone_number}"}
    try:
        number = phonenumbers.parse(phone_number, request.args.get("CountryCode", "US"))
    except phonenumbers.NumberParseException:
        return answer | {"valid": False, "validation_errors": ["NOT_A_NUMBER"]}
    e164 = phonenumbers.format_number(number, PhoneNumberFormat.E164)
    if complaint := _complaint(number):
        return answer | {"phone_number": e164, "valid": False, "validation_errors": [complaint]}
    return answer | {"phone_number": e164, "valid": True, "validation_errors": None} | _known(number) | _packages(e164)


def _complaint(number: phonenumbers.PhoneNumber) -> str | None:
    if complaint := COMPLAINTS.get(phonenumbers.is_possible_number_with_reason(number)):
        return complaint
    return None if phonenumbers.is_valid_number(number) else "INVALID_BUT_POSSIBLE"


def _known(number: phonenumbers.PhoneNumber) -> Json:
    return {
        "calling_country_code": str(number.country_code),
        # toll-free numbers belong to no single country
        "country_code": phonenumbers.region_code_for_number(number) or "US",
        "national_format": phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL),
    }


def _packages(phone_number: str) -> Json:
    asked = {name.strip() for name in request.args.get("Fields", "").split(",")}
    packages = {"line_type_intelligence": _line(phone_number), "caller_name": _caller(phone_number)}
    return {name: value for name, value in packages.items() if name in asked}


def _line(phone_number: str) -> Json:
    operator, left_to = operator_of(phone_number), the_world().port_outs.operator_of(phone_number)
    return {
        "carrier_name": left_to or (operator.name if operator else None),
        "type": operator.line_type if operator else None,
        "mobile_country_code": operator.country_code if operator else None,
        "mobile_network_code": operator.network_code if operator else None,
        "error_code": None if operator else NOT_KNOWN,
    }


def _caller(phone_number: str) -> Json:
    subscriber = subscriber_of(phone_number)
    return {
        "caller_name": subscriber.name if subscriber else None,
        "caller_type": subscriber.kind if subscriber else None,
        "error_code": None,
    }
