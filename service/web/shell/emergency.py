"""Numbers of emergency services, which are called from no page, as they would not be told where the person is."""

from typing import Final

import phonenumbers
from phonenumbers import shortnumberinfo

from service.errors import Invalid, Sentence

EMERGENCY: Final = "You can’t call emergency services from here. Dial {number} on a mobile phone or landline."
_EVERYWHERE: Final = frozenset({"911", "112"})


def must_be_no_emergency(typed: str, country: str) -> None:
    """Raise `Invalid` for what reaches emergency services in a country (ISO 3166), or is known for that in most."""
    digits = phonenumbers.normalize_digits_only(typed)
    if shortnumberinfo.is_emergency_number(digits, country) or digits in _EVERYWHERE:
        raise Invalid({"number": [Sentence(EMERGENCY, number=digits)]})
