"""`/available_phone_numbers`: numbers for sale. Only what a search has shown can be ordered."""

from sandbox import catalogue
from sandbox.current import the_world
from sandbox.scenarios import is_toll_free
from sandbox.telnyx.auth import guarded
from sandbox.telnyx.errors import INVALID, Denied, Json, Problem
from sandbox.telnyx.paging import known_filters

search = guarded("search")
# their filter → how the catalogue names it
OF_THE_CATALOGUE = {
    "national_destination_code": "AreaCode",
    "locality": "InLocality",
    "administrative_area": "InRegion",
    "rate_center": "InRateCenter",
    "phone_number.contains": "Contains",
}
OTHERS = (
    "country_code",
    "phone_number_type",
    "phone_number.starts_with",
    "phone_number.ends_with",
    "features",
    "limit",
    "best_effort",
    "quickship",
    "reservable",
    "exclude_held_numbers",
)
KINDS = {"local": "Local", "toll_free": "TollFree"}
FEATURES = ("emergency", "hd_voice", "mms", "sms", "voice")
MOST = 250
EVERYTHING = 10_000
WIDER = ("country_code", "phone_number_type", "features")
Found = tuple[str, catalogue.Area]


@search.get("/available_phone_numbers")
def available() -> Json:
    """Search numbers. With `best_effort`, others of the country follow those that fit."""
    wanted = known_filters(*OF_THE_CATALOGUE, *OTHERS)
    most = int(_limit(wanted))
    fitting = _found(wanted)[:most]
    others = _beside(wanted, fitting, most) if wanted.get("best_effort") == "true" else []
    the_world().orders.offer(number for number, _ in fitting + others)
    offers = [_offer(each, best_effort=False) for each in fitting] + [_offer(each, best_effort=True) for each in others]
    counted = {"total_results": len(offers), "best_effort_results": len(others)}
    return {"data": offers, "meta": counted, "metadata": counted}


def _limit(wanted: dict[str, str]) -> int:
    limit = wanted.get("limit", str(MOST))
    if not limit.isdecimal():
        raise Denied(Problem(INVALID, "limit is not a number.", parameter="filter[limit]"), status=400)
    return min(int(limit), MOST)


def _found(wanted: dict[str, str]) -> list[Found]:
    kind = KINDS.get(wanted.get("phone_number_type", "local"))
    features = set(wanted.get("features", "").split(",")) - {""}
    if kind is None or not features <= set(FEATURES):
        return []
    query = {ours: wanted[theirs] for theirs, ours in OF_THE_CATALOGUE.items() if theirs in wanted}
    taken = the_world().inventory.taken()
    found = catalogue.search(wanted.get("country_code", "US"), kind, query, taken, EVERYTHING)
    return [each for each in found if _begins_and_ends(each[0], wanted)]


def _begins_and_ends(number: str, wanted: dict[str, str]) -> bool:
    """The beginning counts after the area code if one is asked for."""
    local = number.removeprefix(f"+1{wanted.get('national_destination_code', '')}")
    start, end = wanted.get("phone_number.starts_with", ""), wanted.get("phone_number.ends_with", "")
    return local.startswith(start) and number.endswith(end)


def _beside(wanted: dict[str, str], fitting: list[Found], most: int) -> list[Found]:
    wider = {name: value for name, value in wanted.items() if name in WIDER}
    return [each for each in _found(wider) if each not in fitting][: most - len(fitting)]


def _offer(found: Found, *, best_effort: bool) -> Json:
    number, area = found
    regions = {
        "country_code": area.country,
        "state": area.region,
        "rate_center": area.locality.upper(),
        "location": area.locality,
    }
    monthly = "1.50" if is_toll_free(number) else "1.00"
    return {
        "record_type": "available_phone_number",
        "phone_number": number,
        "vanity_format": "",
        "best_effort": best_effort,
        "quickship": True,
        "reservable": True,
        "region_information": [{"region_type": kind, "region_name": name} for kind, name in regions.items() if name],
        "cost_information": {"upfront_cost": "1.00", "monthly_cost": monthly, "currency": "USD"},
        "features": [{"name": name} for name in FEATURES],
    }
