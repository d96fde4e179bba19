"""Having calls forwarded at the old operator, for whoever keeps a number there: what to dial, by country and kind.

*72 is the custom of North American landlines and of Verizon; `**21*` is the code of every GSM mobile (3GPP TS 22.030);
*21* is that of European landlines (ETSI; https://www.tele2.se/support/felsokning-guider/tjanster-installningar).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import phonenumbers

from provisioning.contract.porting import NumberKind
from provisioning.regions import TERRITORIES
from service.errors import Sentence
from service.written_numbers import written


@dataclass(frozen=True, slots=True)
class Forwarding:
    """A way to forward calls: a sentence in English, with the keys that begin it (`on`) and those that end it (`off`).

    `{number}` in the keys is the number as it is dialed in the country of the other one.
    """

    sentence: str
    on: str = ""
    off: str = ""


DIAL: Final = Forwarding(
    "From the phone with this number, dial {on} and wait for the tone. To stop, dial {off}.", "*72 {number}", "*73"
)
GSM: Final = Forwarding(
    "On the phone with this number, dial {on} and press call. To stop, dial {off}.", "**21*{number}#", "##21#"
)
_LANDLINE: Final = Forwarding(
    "On a landline, dial {on} and wait for the tone. To stop, dial {off}.", "*72 {number}", "*73"
)
_MOBILE: Final = Forwarding(
    ("On a cell phone, dial {on} and press call. To stop, dial {off}."), "**21*{number}#", "##21#"
)
_EUROPEAN_LANDLINE: Final = Forwarding(
    "On a landline, dial {on} and wait for the tone. To stop, dial {off}.", "*21*{number}#", "#21#"
)
_MANAGED: Final = Forwarding("Ask the company that manages it to send its calls to {number}.")
_ASK: Final = Forwarding("Your provider sets this up: ask them to forward all calls to {number}.")

_AMERICAN: Final = {NumberKind.LOCAL: (_LANDLINE,), NumberKind.MOBILE: (_MOBILE,)}
_SWEDISH: Final = {NumberKind.LOCAL: (_EUROPEAN_LANDLINE,), NumberKind.MOBILE: (_MOBILE,)}
_WAYS: Final[Mapping[str, Mapping[NumberKind, tuple[Forwarding, ...]]]] = {
    **dict.fromkeys(("US", "CA", *TERRITORIES), _AMERICAN),
    "SE": _SWEDISH,
}


def in_settings(sentence: str) -> Forwarding:
    """Forwarding that is set up in an app or portal."""
    return Forwarding(sentence)


def steps(country: str, kind: NumberKind, own: Forwarding | None, to: str) -> Iterator[Sentence]:
    """How the calls of a number of a country (ISO code) and kind are forwarded to another (E.164).

    In its operator's `own` way if that is known, else by the customs of the country for its kind; all of them while the
    kind is not known.
    """
    for way in [own] if own else _customs(country, kind):
        target = _dialed(to, country) if way.on else _spelled(to)
        keys = {"on": way.on.format(number=target), "off": way.off, "number": target}
        yield Sentence(way.sentence, **keys)


def _customs(country: str, kind: NumberKind) -> tuple[Forwarding, ...]:
    if kind is NumberKind.TOLL_FREE:
        return (_MANAGED,)
    ways = _WAYS.get(country)
    if ways is None:
        return (_ASK,)
    return ways.get(kind) or tuple(way for each in ways.values() for way in each)


def _dialed(number: str, country: str) -> str:
    """The digits of a number (E.164) as they are dialed in a country."""
    parsed = phonenumbers.parse(number)
    return phonenumbers.normalize_digits_only(phonenumbers.format_out_of_country_calling_number(parsed, country))


def _spelled(number: str) -> str:
    return written(number)
