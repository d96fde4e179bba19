"""`AvailablePhoneNumbers`: numbers for sale."""

import re

from flask import Blueprint, request

from sandbox import catalogue
from sandbox.current import the_world
from sandbox.errors import Refusal
from sandbox.inventory import friendly
from sandbox.twilio.auth import guard
from sandbox.twilio.bodies import whole_number
from sandbox.twilio.errors import not_found
from sandbox.twilio.paging import path

# the kinds of numbers of each country; only the United States and Canada have any for sale
KINDS = {"US": {"Local", "TollFree"}, "CA": {"Local", "TollFree"}, "GB": {"Local", "Mobile"}, "SE": {"Mobile"}}
NAMES = {"US": "United States", "CA": "Canada", "GB": "United Kingdom", "SE": "Sweden"}
WORDS = {"Local": "local", "TollFree": "toll_free", "Mobile": "mobile"}
AREA_CODE = re.compile(r"[2-9]\d\d")
PATTERN = re.compile(r"\+?[0-9A-Za-z*]{2,16}")
PLACE = re.compile(r"-?\d{1,2}(\.\d+)?,-?\d{1,3}(\.\d+)?")
DISTANCE = re.compile(r"[1-9]\d?|[1-4]\d\d|500")
PREFIX = "/api.twilio.com/2010-04-01/Accounts/<account_sid>/AvailablePhoneNumbers"
search = guard(Blueprint("search", __name__, url_prefix=PREFIX))


@search.get("/<country>.json")
def kinds(country: str) -> dict[str, object]:
    """Fetch a country, with the addresses at which its kinds of numbers are searched."""
    if country not in NAMES:
        raise not_found()
    base = path().removesuffix(".json")
    return {
        "country_code": country,
        "country": NAMES[country],
        "beta": False,
        "uri": path(),
        "subresource_uris": {WORDS[kind]: f"{base}/{kind}.json" for kind in sorted(KINDS[country])},
    }


@search.get("/<country>/<kind>.json")
def available(country: str, kind: str) -> dict[str, object]:
    """Search numbers. The key is there even without results; no number is reserved."""
    if kind not in KINDS.get(country, set()):
        raise not_found()
    wanted = request.args.to_dict()
    _must_make_sense(wanted)
    most = whole_number(request.args.get("PageSize"), 50, 1, 1000)
    taken = the_world().inventory.taken()
    found = catalogue.search(country, kind, wanted, taken, most) if country in catalogue.COUNTRIES else []
    return {"uri": path(), "available_phone_numbers": [_offer(number, area) for number, area in found]}


def _must_make_sense(wanted: dict[str, str]) -> None:
    if not AREA_CODE.fullmatch(wanted.get("AreaCode", "200")):
        raise Refusal(21451, "AreaCode is not a valid area code.")
    if not PATTERN.fullmatch(wanted.get("Contains", "**")):
        raise Refusal(20001, "Contains must have 2 to 16 letters, digits or *.")
    if not PLACE.fullmatch(wanted.get("NearLatLong", "0,0")) or not DISTANCE.fullmatch(wanted.get("Distance", "25")):
        raise Refusal(20001, "NearLatLong or Distance is invalid.")


def _offer(number: str, area: catalogue.Area) -> dict[str, object]:
    return {
        "friendly_name": friendly(number),
        "phone_number": number,
        "lata": None,
        "locality": area.locality or None,
        "rate_center": area.locality.upper() or None,
        "latitude": None if area.latitude is None else f"{area.latitude:.4f}",
        "longitude": None if area.longitude is None else f"{area.longitude:.4f}",
        "region": area.region or None,
        "postal_code": area.postal_code,
        "iso_country": area.country,
        "address_requirements": "none",
        "beta": False,
        "capabilities": {"voice": True, "SMS": True, "MMS": True},
    }
