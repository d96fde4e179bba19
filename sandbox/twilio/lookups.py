"""`lookups.twilio.com/v2`: what is known about a number."""

from flask import Blueprint, request

from sandbox.inventory import friendly
from sandbox.scenarios import country, is_mobile, is_toll_free
from sandbox.twilio.auth import guard
from sandbox.twilio.paging import Json

lookups = guard(Blueprint("lookups", __name__, url_prefix="/lookups.twilio.com/v2"))


@lookups.get("/PhoneNumbers/<phone_number>")
def look_up(phone_number: str) -> Json:
    """Country and validity; the kind of line if `Fields` asks for it. A wrong number is an answer, not an error."""
    where = country(phone_number)
    asked = request.args.get("Fields", "").split(",")
    return {
        "phone_number": phone_number,
        "calling_country_code": "1" if phone_number.startswith("+1") else None,
        "country_code": where,
        "national_format": friendly(phone_number),
        "valid": where is not None,
        "validation_errors": None if where else ["NOT_A_NUMBER"],
        "line_type_intelligence": _line(phone_number) if where and "line_type_intelligence" in asked else None,
        "url": f"https://lookups.twilio.com/v2/PhoneNumbers/{phone_number}",
    }


def _line(phone_number: str) -> Json:
    kind = "mobile" if is_mobile(phone_number) else "landline"
    return {
        "carrier_name": "Rehearsal Bell",
        "type": "tollFree" if is_toll_free(phone_number) else kind,
        "mobile_country_code": "310" if kind == "mobile" else None,
        "mobile_network_code": "000" if kind == "mobile" else None,
        "error_code": None,
    }
