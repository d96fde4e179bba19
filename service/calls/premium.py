"""Premium numbers, which earn their holder a share of a call's price: the usual target of toll fraud."""

from typing import Final

import phonenumbers

COSTS_EXTRA: Final = "Numbers that cost extra to call are not called from here."

_NO_COUNTRY: Final = "001"
"""The region code that phonenumbers gives satellite and international networks."""


def costs_extra(number: str) -> bool:
    """Whether a number (E.164) is a premium one, or belongs to no country and is not toll-free.

    False for a number that cannot exist, which callers may fake: the carrier refuses those.
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
