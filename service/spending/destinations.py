"""Where calls and texts may go: to ordinary numbers in the countries of the settings.

Fraudsters call and text numbers that pay them a share of the price: premium and personal numbers, satellites, and the
whole plans of some countries (https://www.itu.int/en/ITU-T/inr/nnp/Pages/default.aspx names who holds which).
"""

import re
from collections.abc import Collection
from enum import StrEnum
from functools import lru_cache
from typing import Final

import phonenumbers
from phonenumbers import PhoneNumberType

from provisioning.contract.browser_phones import is_browser
from service.phone_numbers import without_extension

HOME: Final = frozenset({"US", "CA"})
"""Countries (ISO 3166) in which numbers are sold. A workspace that has never called or texted them needs no leave."""

COSTS_EXTRA: Final = "You can’t call or text premium-rate numbers from here."
NOT_SERVED: Final = "You can’t call or text this country from here. Email us if you need it."

_NO_COUNTRY: Final = "001"
"""The region code that phonenumbers gives satellite and international networks."""

_EXPENSIVE: Final = frozenset(
    {
        PhoneNumberType.PREMIUM_RATE,
        PhoneNumberType.SHARED_COST,
        PhoneNumberType.PERSONAL_NUMBER,
        PhoneNumberType.PAGER,
    }
)

_PAY_PER_CALL: Final = re.compile(r"\+1[2-9]\d\d976\d{4}")
"""Exchanges of North American area codes that are kept for paid services, and which the library does not know."""


class Barrier(StrEnum):
    """Why a number is neither called nor texted."""

    COSTS_EXTRA = COSTS_EXTRA
    NOT_SERVED = NOT_SERVED


def barrier(dialed: str, countries: Collection[str]) -> Barrier | None:
    """Why what is dialed (E.164, perhaps with an extension) may not be, or None; `countries` are ISO 3166 codes.

    Phones in browsers are everywhere.
    """
    if is_browser(dialed):
        return None
    number = without_extension(dialed)
    if costs_extra(number):
        return Barrier.COSTS_EXTRA
    return None if country_of(number) in countries else Barrier.NOT_SERVED


@lru_cache(maxsize=8192)
def costs_extra(number: str) -> bool:
    """Whether a number (E.164) is a premium or personal one, or belongs to no country, as satellites do."""
    try:
        parsed = phonenumbers.parse(without_extension(number))
    except phonenumbers.NumberParseException:
        return False
    kind = phonenumbers.number_type(parsed)
    if kind in _EXPENSIVE or _PAY_PER_CALL.fullmatch(without_extension(number)):
        return True
    return phonenumbers.region_code_for_country_code(parsed.country_code or 0) == _NO_COUNTRY


@lru_cache(maxsize=8192)
def country_of(number: str) -> str:
    """The country (ISO 3166) of a number (E.164), by which Jamaica and the United States differ; "" if it has none."""
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return ""
    codes = phonenumbers.region_codes_for_country_code(parsed.country_code or 0)
    if len(codes) == 1:
        return str(codes[0])
    return phonenumbers.region_code_for_number(parsed) or ""
