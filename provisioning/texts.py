"""What is the same of texts at all carriers."""

import phonenumbers

WITH_PICTURES = frozenset({"US", "CA"})
"""Countries between whose numbers pictures can be sent. Elsewhere they are dropped or become links."""


def take_pictures(*numbers: str) -> bool:
    """Whether pictures can be sent between these numbers (E.164)."""
    try:
        return {phonenumbers.region_code_for_number(phonenumbers.parse(one)) for one in numbers} <= WITH_PICTURES
    except phonenumbers.NumberParseException:
        return False


def are_same_words(one: str | None, other: str) -> bool:
    """Whether two texts differ in how their lines end at most, which may change on the way."""
    return (one or "").splitlines() == other.splitlines()
