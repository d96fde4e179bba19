"""Numbers that earn whoever is called a share of what a call costs: the usual prey of those who call on our bill."""

from typing import Final

import phonenumbers

COSTS_EXTRA: Final = "Numbers that cost extra to call are not called from here."

_NO_COUNTRY: Final = "001"
"""Satellites and international networks, in the library's words."""


def costs_extra(number: str) -> bool:
    """Whether a number (E.164) is a premium one, or one of no country that is not free to call.

    What cannot exist, as callers may pretend to have it, is left to the carrier to refuse.
    """
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return False
    kind = phonenumbers.number_type(parsed)
    if kind is phonenumbers.PhoneNumberType.PREMIUM_RATE:
        return True
    abroad = phonenumbers.region_code_for_country_code(parsed.country_code or 0) == _NO_COUNTRY
    return abroad and kind is not phonenumbers.PhoneNumberType.TOLL_FREE
