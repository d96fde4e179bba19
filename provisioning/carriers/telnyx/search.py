"""Numbers for sale (https://developers.telnyx.com/api-reference/phone-number-search).

A number that no search has shown cannot be ordered.
"""

import re
from collections.abc import Iterator

import phonenumbers

from provisioning.carriers.telnyx.client import Client, understood
from provisioning.carriers.telnyx.json_parts import Json, objects_of, text_of
from provisioning.contract.errors import NotFound, Refused
from provisioning.contract.numbers import Available, Sought, Wanted
from provisioning.contract.porting import NumberKind

Filters = dict[str, str]

SHOWN = 20
MOST = 250
NORTH_AMERICA = frozenset({"US", "CA"})
ON_KEYS = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "22233344455566677778889999")


def nearest(client: Client, wanted: Wanted) -> list[Available]:
    """Numbers with both calls and texts from the nearest area that has any."""
    for circle in _circles(wanted):
        if found := _for_sale(client, wanted.country, circle):
            return found
    return []


def matching(client: Client, sought: Sought) -> list[Available]:
    """Numbers that match every criterion. The carrier knows no wildcards: it is asked for the digits between them."""
    pattern = sought.contains.upper().translate(ON_KEYS)
    filters = {
        "phone_number_type": "toll_free" if sought.kind is NumberKind.TOLL_FREE else "local",
        "national_destination_code": sought.area,
        "locality": sought.town,
        "phone_number][contains": max(pattern.split("*"), key=len),
    }
    most = MOST if "*" in pattern else SHOWN
    found = _for_sale(client, sought.country, {name: value for name, value in filters.items() if value}, most)
    shape = re.compile(pattern.replace("*", r"\d"))
    return [offer for offer in found if shape.search(offer.number)][:SHOWN]


def show(client: Client, number: str) -> bool:
    """Search for exactly this number (E.164), so that it can be ordered. False if it is not for sale."""
    parsed = phonenumbers.parse(number)
    country, digits = phonenumbers.region_code_for_number(parsed) or "US", str(parsed.national_number)
    found = _for_sale(client, country, {"phone_number][contains": digits})
    return any(offer.number == number for offer in found)


def _circles(wanted: Wanted) -> Iterator[Filters]:
    """From near to far: the area code, that of the number near by, what is around them, the country, its mobiles."""
    local, codes = {"phone_number_type": "local"}, []
    if wanted.country in NORTH_AMERICA:
        codes = [code for code in (wanted.area, wanted.near.removeprefix("+1")[:3]) if code.isdecimal()]
    around = [local | {"national_destination_code": code} for code in codes]
    yield from around
    yield from (circle | {"best_effort": "true"} for circle in around)
    yield local
    yield {"phone_number_type": "mobile"}


def _for_sale(client: Client, country: str, filters: Filters, most: int = SHOWN) -> list[Available]:
    """Run one search. Unsupported kinds and unknown areas return an empty list."""
    wanted = {"country_code": country, "features": "sms,voice", "limit": str(most)} | filters
    try:
        answer = client.ask(
            "GET", "/available_phone_numbers", params={f"filter[{name}]": value for name, value in wanted.items()}
        )
    except (NotFound, Refused):
        return []
    with understood():
        return [_available(offer) for offer in objects_of(answer, "data")]


def _available(offer: Json) -> Available:
    regions = {part.get("region_type"): part.get("region_name") for part in objects_of(offer, "region_information")}
    return Available(
        text_of(offer, "phone_number"), locality=regions.get("location") or "", region=regions.get("state") or ""
    )
