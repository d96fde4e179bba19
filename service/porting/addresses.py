"""Postal addresses as they are written in their country."""

from typing import Final

_TOWN_FIRST: Final = frozenset({"AU", "CA", "GB", "IE", "IN", "NZ", "PR", "US"})
"""Countries (ISO 3166) in which the postal code follows the town; in most others, such as Sweden, it comes first."""


def place_line(city: str, region: str, postal_code: str, country: str) -> str:
    """The line of an address with the town: "San Francisco CA 94105", but "352 30 Växjö"."""
    parts = (city, region, postal_code) if country in _TOWN_FIRST else (postal_code, city, region)
    return " ".join(part for part in parts if part)
