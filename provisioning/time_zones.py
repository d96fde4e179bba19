"""Time zones of phone numbers, where the library that knows them leaves a choice."""

from typing import Final
from zoneinfo import ZoneInfo

import phonenumbers
from phonenumbers import timezone

_CHIEF: Final = {
    # Newfoundland; a corner of Labrador keeps Halifax's time
    "1709": "America/St_Johns",
    "1879": "America/St_Johns",
    # Nevada, but for one town
    "1775": "America/Los_Angeles",
    # Alaska, but for the outer Aleutians
    "1907": "America/Anchorage",
    "34": "Europe/Madrid",
    "351": "Europe/Lisbon",
    "61": "Australia/Sydney",
}
"""The zone of most people, by the beginning of a number, where the library names those of outlying places first."""


def zone_of(number: str) -> ZoneInfo:
    """The zone in which a number (E.164) has its day; that of New York for toll-free numbers and those of no place."""
    zones = zones_of(number)
    return ZoneInfo("America/New_York" if "America/New_York" in zones or not zones else zones[0])


def zones_of(number: str) -> tuple[str, ...]:
    """The zones (IANA names) a number (E.164) may lie in: one as a rule, several for toll-free, none if unknown."""
    known = [name for name in timezone.time_zones_for_number(phonenumbers.parse(number)) if name != "Etc/Unknown"]
    if len(known) == 1:
        return tuple(known)
    chief = next((zone for begin, zone in _CHIEF.items() if number.startswith(f"+{begin}")), None)
    return (chief,) if chief else tuple(known)
