"""Numbers for sale, by area code and city.

Their last four digits start at 7000, so no number for sale is a magic number.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from math import asin, cos, radians, sin, sqrt
from string import ascii_uppercase

import phonenumbers

from sandbox.scenarios import is_toll_free

EARTH_IN_MILES = 3959.0
NONE_LEFT = "533"
COUNTRIES = frozenset({"US", "CA"})
_EXCHANGES = ("236", "347", "462", "583", "729")
_LINES = [f"{7003 + 37 * i:04}" for i in range(40)]
_TOLL_FREE = ("888", "877", "866", "855", "844", "833")
_KEYPAD = str.maketrans(ascii_uppercase, "22233344455566677778889999")


@dataclass(frozen=True, slots=True)
class Area:
    """An area code with its main city; `country` is an ISO 3166 code."""

    code: str
    locality: str
    region: str
    postal_code: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    country: str = "US"

    def miles_to(self, latitude: float, longitude: float) -> float | None:
        """The distance in miles, or None if the location of either area is unknown."""
        if self.latitude is None or self.longitude is None:
            return None
        here, there = radians(self.latitude), radians(latitude)
        across = sin(radians(longitude - self.longitude) / 2) ** 2 * cos(here) * cos(there)
        return 2 * EARTH_IN_MILES * asin(sqrt(sin((there - here) / 2) ** 2 + across))


AREAS = {
    area.code: area
    for area in (
        Area("202", "Washington", "DC", "20001", 38.91, -77.04),
        Area("205", "Birmingham", "AL", "35203", 33.52, -86.80),
        Area("206", "Seattle", "WA", "98101", 47.61, -122.33),
        Area("212", "New York", "NY", "10001", 40.75, -73.99),
        Area("213", "Los Angeles", "CA", "90012", 34.06, -118.24),
        Area("214", "Dallas", "TX", "75201", 32.79, -96.80),
        Area("216", "Cleveland", "OH", "44113", 41.48, -81.70),
        Area("303", "Denver", "CO", "80202", 39.75, -104.99),
        Area("305", "Miami", "FL", "33130", 25.77, -80.20),
        Area("312", "Chicago", "IL", "60601", 41.88, -87.62),
        Area("404", "Atlanta", "GA", "30303", 33.75, -84.39),
        Area("415", "San Francisco", "CA", "94103", 37.77, -122.41),
        Area("503", "Portland", "OR", "97204", 45.52, -122.68),
        Area("512", "Austin", "TX", "78701", 30.27, -97.74),
        Area("602", "Phoenix", "AZ", "85004", 33.45, -112.07),
        Area("612", "Minneapolis", "MN", "55401", 44.98, -93.27),
        Area("617", "Boston", "MA", "02108", 42.36, -71.06),
        Area("646", "New York", "NY", "10011", 40.74, -74.00),
        Area("650", "San Mateo", "CA", "94401", 37.57, -122.32),
        Area("713", "Houston", "TX", "77002", 29.76, -95.37),
        Area("718", "Brooklyn", "NY", "11201", 40.69, -73.99),
        Area("919", "Raleigh", "NC", "27601", 35.78, -78.64),
        Area("416", "Toronto", "ON", "M5H", 43.65, -79.38, "CA"),
        Area("514", "Montreal", "QC", "H2Y", 45.50, -73.57, "CA"),
        Area("604", "Vancouver", "BC", "V6B", 49.28, -123.12, "CA"),
    )
}


def area_of(code: str) -> Area | None:
    """The area of a code, from the list above or from `phonenumbers`.

    None for a code outside the United States and Canada, and for one of toll-free numbers.
    """
    if code in AREAS:
        return AREAS[code]
    sample = phonenumbers.parse(f"+1{code}{_EXCHANGES[0]}{_LINES[0]}")
    country = phonenumbers.region_code_for_number(sample)
    if (
        country not in COUNTRIES
        or not phonenumbers.is_valid_number(sample)
        or is_toll_free(f"+1{code}{_EXCHANGES[0]}{_LINES[0]}")
    ):
        return None
    # a second of loading, for the few area codes that are not in the list
    from phonenumbers import geocoder

    locality, _, region = geocoder.description_for_number(sample, "en").partition(", ")
    return Area(code, locality if region else "", region, country=country)


def numbers_in(code: str) -> Iterator[str]:
    """All numbers for sale in an area code, in E.164."""
    return (f"+1{code}{exchange}{line}" for line in _LINES for exchange in _EXCHANGES if code != NONE_LEFT)


def is_for_sale(phone_number: str) -> bool:
    """Whether this number is in the catalogue."""
    national = phone_number.removeprefix("+1")
    known = national[:3] in _TOLL_FREE or area_of(national[:3]) is not None
    return known and national[3:6] in _EXCHANGES and national[6:] in _LINES


def search(country: str, kind: str, wanted: Mapping[str, str], taken: set[str], most: int) -> list[tuple[str, Area]]:
    """At most `most` numbers of a country and kind (`Local`, `TollFree`) that match Twilio's search parameters."""
    there = (area for area in _areas(wanted) if area.country == country)
    areas = _toll_free(wanted, country) if kind == "TollFree" else there
    if wanted.get("FaxEnabled") == "true":
        return []
    pattern = wanted.get("Contains", "")
    found = ((number, area) for area in areas for number in numbers_in(area.code))
    return list(islice((each for each in found if each[0] not in taken and contains(each[0], pattern)), most))


def contains(phone_number: str, pattern: str) -> bool:
    """Whether a number contains a pattern of digits, keypad letters and `*` for any one digit."""
    digits = pattern.upper().translate(_KEYPAD).lstrip("+")
    number = phone_number.lstrip("+")
    starts = range(len(number) - len(digits) + 1)
    return any(all(want in {"*", have} for want, have in zip(digits, number[start:], strict=False)) for start in starts)


def _toll_free(wanted: Mapping[str, str], country: str) -> Iterable[Area]:
    """The toll-free codes, which lie in no town."""
    codes = [code for code in _TOLL_FREE if wanted.get("AreaCode", code) == code]
    return [] if "InLocality" in wanted else [Area(code, "", "", country=country) for code in codes]


def _areas(wanted: Mapping[str, str]) -> Iterable[Area]:
    code = wanted.get("AreaCode") or wanted.get("NearNumber", "").removeprefix("+1")[:3]
    if code:
        chosen = area_of(code)
        return [chosen] if chosen and _is_there(chosen, wanted) else []
    areas = [area for area in AREAS.values() if _is_there(area, wanted)]
    if "NearLatLong" in wanted:
        areas = _near(areas, wanted["NearLatLong"], float(wanted.get("Distance", "25")))
    return areas


def _is_there(area: Area, wanted: Mapping[str, str]) -> bool:
    facts = {
        "InRegion": area.region,
        "InLocality": area.locality,
        "InRateCenter": area.locality,
        "InPostalCode": area.postal_code,
    }
    return all(str(there).casefold() == wanted[name].casefold() for name, there in facts.items() if name in wanted)


def _near(areas: Iterable[Area], place: str, distance: float) -> list[Area]:
    latitude, _, longitude = place.partition(",")
    measured = [(area.miles_to(float(latitude), float(longitude)), area) for area in areas]
    near = [(miles, area) for miles, area in measured if miles is not None and miles <= distance]
    return [area for _, area in sorted(near, key=lambda pair: pair[0])]
