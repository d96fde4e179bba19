"""The kind of a number, as its digits tell it."""

from typing import Final

import phonenumbers
from phonenumbers import PhoneNumberType

from provisioning.contract.porting import NumberKind

_KINDS: Final = {PhoneNumberType.TOLL_FREE: NumberKind.TOLL_FREE, PhoneNumberType.MOBILE: NumberKind.MOBILE}


def kind_of(number: str) -> NumberKind:
    """The kind of a number (E.164): LOCAL where its digits do not tell, as in North America."""
    return _KINDS.get(phonenumbers.number_type(phonenumbers.parse(number)), NumberKind.LOCAL)


def is_toll_free_area(area: str) -> bool:
    """Whether a North American area code has toll-free numbers only."""
    return bool(area) and kind_of(f"+1{area}2345678") is NumberKind.TOLL_FREE
