"""How phone numbers are written on pages, in texts, and in emails: one way, in every language."""

from typing import Final

import phonenumbers
from phonenumbers import PhoneNumberFormat

_NORTH_AMERICA: Final = 1


def written(number: str) -> str:
    """One E.164 number: (212) 555-0156 in North America, +46 70 174 06 05 elsewhere. Other text: ValueError."""
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException as error:
        raise ValueError("not a phone number in E.164") from error
    at_home = parsed.country_code == _NORTH_AMERICA
    style = PhoneNumberFormat.NATIONAL if at_home else PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(parsed, style)
