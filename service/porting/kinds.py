"""The table of what moving a number takes, by its country and kind; what its losing carrier adds is in `operators.py`.

For each it says what is asked (`question_sets.py`), which letter is signed, how long the old side takes by law or
custom, what it may cost, and what may end with it. Who files it say the carriers (`service/carrier_choice.py`), and
when it will arrive `estimate.py`. The form, its checks, the fix page, the papers and the filing read the rules here.
"""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from typing import Final

import phonenumbers
from phonenumbers import PhoneNumberType

from provisioning.contract.porting import NumberKind
from provisioning.regions import TERRITORIES
from service.language import Language
from service.porting.question_sets import AMERICAN, CANADIAN, COMMON, SWEDISH, TOLL_FREE, Questions, territorial


class Letter(StrEnum):
    """The letter that the holder signs; the papers have a title for each (`service/desk/words`)."""

    AUTHORITY = "letter"
    RESPORG = "resporg_letter"


@dataclass(frozen=True, slots=True)
class Stated:
    """A sentence in English, and who says so ("" where it is plain)."""

    sentence: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class Rules:
    """What moving one kind of number takes. `letter_language` is the old operator's.

    `times` is how long the old side takes, `fees` what it may charge, `ends` what may end with the number, and
    `warning` what the old operator does when it is asked for the number.
    """

    questions: Questions
    times: tuple[Stated, ...] = ()
    fees: tuple[Stated, ...] = ()
    ends: tuple[str, ...] = ()
    warning: str = ""
    letter: Letter = Letter.AUTHORITY
    letter_language: Language = Language.ENGLISH


_USUALLY_NOTHING: Final = Stated("The transfer itself usually costs nothing.")
_CONTRACT: Final = Stated(
    "Your provider may charge what’s left on a contract or a device. Ask them before you send the request."
)
_LANDLINE_ENDS: Final = (
    "Internet on the same line, alarms, elevator phones, card terminals, fax, and door phones may stop working."
)
_MOBILE_ENDS: Final = (
    "Watches and other devices on the same number, and multi-line discounts, may end with it.",
    (
        "After the transfer this is an internet number, and some banks don’t text codes to those. Give them "
        "another number first."
    ),
)
_OTHERS_END: Final = "Other numbers on the account may stop working when its main number leaves."

_SIMPLE: Final = Stated(
    "A single line, landline or mobile, is a simple transfer: the old provider has one business day, also "
    "when the number goes to an internet phone service like this one.",
    "47 CFR 52.35",
)
_FCC: Final = "FCC, Keeping your telephone number when you change service providers"
_WIRELESS: Final = Stated(
    "Between two mobile providers a transfer can take hours. Yours goes to an internet phone service, where "
    "business days count.",
    _FCC,
)
_COMPLEX: Final = Stated(
    "With several lines, a phone system, or a reseller in between, they have four business days, or more by agreement.",
    "47 CFR 52.35",
)
_FCC_FEES: Final = Stated(
    "A provider may charge for the transfer or for ending a contract early. You can ask them to waive or "
    "lower the fee. They can’t keep the number over money; you still owe what you owe.",
    _FCC,
)
_AMERICAN: Final = Rules(
    AMERICAN,
    times=(_SIMPLE, _COMPLEX),
    fees=(_USUALLY_NOTHING, _FCC_FEES),
    ends=(_LANDLINE_ENDS, *_MOBILE_ENDS, _OTHERS_END),
    # operators must tell a customer of every request to move a number (47 CFR 52.37)
    warning="Your provider may text or call to ask if you requested this transfer. Say yes, and don’t stop it.",
)
_CANADIAN: Final = Rules(
    CANADIAN,
    times=(
        Stated(
            "For a simple transfer from a landline, or from a mobile line to an internet phone service like "
            "this one, the old provider has two business days. The 2.5 hours between mobile providers don’t "
            "apply.",
            "CRTC 2005-72",
        ),
        Stated("With the paperwork, providers tell their customers to expect about two weeks."),
    ),
    fees=(_USUALLY_NOTHING, _CONTRACT),
    ends=_AMERICAN.ends,
    warning="Your mobile provider may text to ask if you requested this transfer. It’s not fraud: answer yes.",
)
_SWEDISH: Final = Rules(
    SWEDISH,
    times=(
        Stated(
            "Your provider hands the number over on the agreed day, or one business day later at most.",
            "LEK 2022:482; PTS",
        ),
        Stated(
            "The day is agreed 10 to 12 business days ahead for a landline number, and 5 to 12 for a mobile number.",
            "Bandwidth, Colt, Telavox, Lynes",
        ),
    ),
    fees=(
        Stated(
            "Your provider must hand it over free of charge, whatever is left on the contract. You still owe "
            "what the contract costs.",
            "PTS; Telekområdgivarna",
        ),
        Stated("Notice periods keep running. Ask what the contract still costs before you send the request."),
    ),
    ends=(_LANDLINE_ENDS, *_MOBILE_ENDS, _OTHERS_END),
    letter_language=Language.SWEDISH,
)
_TOLL_FREE: Final = Rules(
    TOLL_FREE,
    times=(
        Stated(
            "The company that manages the number (its RespOrg) has two business days to release it. After "
            "that, the registry’s help desk decides within two more.",
            "Somos",
        ),
    ),
    fees=(_USUALLY_NOTHING, Stated("Some RespOrgs charge for the release. Ask yours to waive that.")),
    ends=("Its menus, and the places that can call it, are set at the old company and don’t come with it.",),
    letter=Letter.RESPORG,
)
ELSEWHERE: Final = Rules(COMMON, fees=(_CONTRACT,))
"""Countries without a row."""

_TABLE: Final[tuple[tuple[AbstractSet[str], NumberKind | None, Rules], ...]] = (
    (frozenset({"US", "CA"}), NumberKind.TOLL_FREE, _TOLL_FREE),
    (
        frozenset({"US"}),
        NumberKind.MOBILE,
        replace(_AMERICAN, times=(_WIRELESS, _SIMPLE, _COMPLEX), ends=(*_MOBILE_ENDS, _OTHERS_END)),
    ),
    (frozenset({"US"}), None, _AMERICAN),
    # they are states by the law on telecommunications (47 U.S.C. 153)
    *(
        (frozenset({territory}), None, replace(_AMERICAN, questions=territorial(territory)))
        for territory in TERRITORIES
    ),
    (frozenset({"CA"}), None, _CANADIAN),
    (frozenset({"SE"}), NumberKind.MOBILE, replace(_SWEDISH, ends=(*_MOBILE_ENDS, _OTHERS_END))),
    (frozenset({"SE"}), NumberKind.LOCAL, replace(_SWEDISH, ends=(_LANDLINE_ENDS, _OTHERS_END))),
    (frozenset({"SE"}), None, _SWEDISH),
)
"""Countries (ISO 3166), kind (None: any other), and the rules. The first that fits counts."""

_BY_DIGITS: Final = {
    PhoneNumberType.TOLL_FREE: NumberKind.TOLL_FREE,
    PhoneNumberType.MOBILE: NumberKind.MOBILE,
    PhoneNumberType.FIXED_LINE: NumberKind.LOCAL,
}


DESCRIBED: Final = (
    ("US", NumberKind.LOCAL),
    ("US", NumberKind.MOBILE),
    ("CA", NumberKind.LOCAL),
    ("US", NumberKind.TOLL_FREE),
    ("SE", NumberKind.LOCAL),
    ("SE", NumberKind.MOBILE),
)
"""The kinds that the help page describes: one for each row of the table, but for the territories."""


@lru_cache(maxsize=8192)
def country_of(number: str) -> str:
    """ISO 3166 code of the country or territory that a number (E.164) belongs to, "" if none. Cached.

    By the library's region and not by "+1", which twenty Caribbean countries share with the US.
    """
    region = phonenumbers.region_code_for_number(phonenumbers.parse(number)) or ""
    return region if region.isalpha() else ""  # "001" stands for satellites and international networks


def may_carry_texts(number: str) -> bool:
    """Whether numbers (E.164) of this kind carry texts: not fixed ones, where mobile numbers look different.

    In North America they look alike, and carriers enable fixed lines for texts.
    """
    return phonenumbers.number_type(phonenumbers.parse(number)) != PhoneNumberType.FIXED_LINE


def kind_of(number: str, told: NumberKind = NumberKind.UNKNOWN) -> NumberKind:
    """The kind of a number (E.164) as a carrier told it; where none did, as its digits show it."""
    if told is not NumberKind.UNKNOWN:
        return told
    return _BY_DIGITS.get(phonenumbers.number_type(phonenumbers.parse(number)), NumberKind.UNKNOWN)


def rules_of(number: str, told: NumberKind = NumberKind.UNKNOWN) -> Rules:
    """The rules for a number (E.164) of the kind that a carrier told."""
    return rules_for_kind(country_of(number), kind_of(number, told))


def rules_for_kind(country: str, kind: NumberKind) -> Rules:
    """The rules for a kind of number in a country (ISO 3166)."""
    fitting = (rules for countries, of, rules in _TABLE if country in countries and of in {None, kind})
    return next(fitting, ELSEWHERE)
