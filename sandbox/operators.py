"""Operators of outside numbers, as a lookup names them; the last four digits decide (tables in README.md)."""

from dataclasses import dataclass
from enum import StrEnum

from sandbox.scenarios import is_mobile, is_toll_free

NOT_KNOWN = 60600
"""Not assigned to an operator, or not covered by the registry: https://www.twilio.com/docs/api/errors/60600."""


class LineType(StrEnum):
    """The line types of a lookup."""

    MOBILE = "mobile"
    LANDLINE = "landline"
    FIXED_VOIP = "fixedVoip"
    NON_FIXED_VOIP = "nonFixedVoip"
    TOLL_FREE = "tollFree"


@dataclass(frozen=True, slots=True)
class Operator:
    """The operator of a number: its name in the registries, the line type if they know it, a mobile network's codes."""

    name: str
    line_type: LineType | None
    country_code: str | None = None
    network_code: str | None = None


@dataclass(frozen=True, slots=True)
class Subscriber:
    """The name an operator shows for a caller; `kind` is `BUSINESS` or `CONSUMER`."""

    name: str
    kind: str


_OPERATORS = {
    "6101": Operator("AT&T Wireless", LineType.MOBILE, "310", "410"),
    "6102": Operator("Verizon Wireless", LineType.MOBILE, "311", "480"),
    "6103": Operator("T-Mobile USA, Inc.", LineType.MOBILE, "310", "260"),
    "6104": Operator("U.S. Cellular Corp.", LineType.MOBILE, "311", "580"),
    "5111": Operator("AT&T California - Pacific Bell", LineType.LANDLINE),
    "5112": Operator("Verizon New York Inc.", LineType.LANDLINE),
    "5113": Operator("Comcast IP Phone, LLC", LineType.FIXED_VOIP),
    "5114": Operator("Charter Fiberlink - Spectrum", LineType.FIXED_VOIP),
    "5121": Operator("Google (Grand Central) - Bandwidth.com - SVR", LineType.NON_FIXED_VOIP),
    "5122": Operator("RingCentral - Bandwidth.com - SVR", LineType.NON_FIXED_VOIP),
    "5123": Operator("TextNow - Neutral Tandem - SVR", LineType.NON_FIXED_VOIP),
    # these have characters: losing_carriers.py
    "5201": Operator("Rehearsal Telephone", LineType.LANDLINE),
    "5202": Operator("Rehearsal Cable", LineType.FIXED_VOIP),
    "5203": Operator("Rehearsal Rural", LineType.LANDLINE),
    "5204": Operator("Rehearsal Exchange", LineType.LANDLINE),
    "5205": Operator("Rehearsal Voice", LineType.NON_FIXED_VOIP),
    "6201": Operator("Rehearsal Mobile", LineType.MOBILE, "310", "001"),
}
_NOBODY = "5130"
_UNTYPED = Operator("Rehearsal Bell", None)
_MOBILE = Operator("Rehearsal Wireless", LineType.MOBILE, "310", "000")
_TOLL_FREE = Operator("Rehearsal Bell", LineType.TOLL_FREE)

_SUBSCRIBERS = {
    "5111": Subscriber("ALICES BAKERY", "BUSINESS"),
    "5112": Subscriber("SMITH,JOHN", "CONSUMER"),
}


def operator_of(phone_number: str) -> Operator | None:
    """The operator of a number, or None if the registries do not know it."""
    special = phone_number[-4:]
    if is_toll_free(phone_number):
        return _TOLL_FREE
    if special == _NOBODY:
        return None
    return _OPERATORS.get(special) or (_MOBILE if is_mobile(phone_number) else _UNTYPED)


def names() -> list[str]:
    """The names of all operators, as a detour may name them."""
    return sorted({each.name for each in (*_OPERATORS.values(), _UNTYPED, _MOBILE, _TOLL_FREE)})


def subscriber_of(phone_number: str) -> Subscriber | None:
    """The caller name of a number, or None."""
    return _SUBSCRIBERS.get(phone_number[-4:])
