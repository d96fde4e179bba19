"""The table of what moving a number takes, by its country and kind; what its losing carrier adds is in `operators.py`.

For each it says what is asked (`question_sets.py`), which letter is signed, how long the old side takes by law or
custom, what it may cost, what may end with it, and who files it. When it will arrive says `estimate.py`, which knows
our carriers' times. The form, its checks, the fix page, the papers and the filing read the rules from here.
"""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

import phonenumbers
from phonenumbers import PhoneNumberType

from provisioning.contract.porting import NumberKind
from service.language import Language
from service.porting.question_sets import AMERICAN, CANADIAN, COMMON, SWEDISH, TOLL_FREE, Questions, territorial
from service.porting.regions import TERRITORIES


class FiledBy(StrEnum):
    """Who files it: a carrier's interface, or the people of a porting desk with papers."""

    CARRIER = "carrier"
    DESK = "desk"


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
    filed_by: FiledBy
    times: tuple[Stated, ...] = ()
    fees: tuple[Stated, ...] = ()
    ends: tuple[str, ...] = ()
    warning: str = ""
    letter: Letter = Letter.AUTHORITY
    letter_language: Language = Language.ENGLISH


_USUALLY_NOTHING: Final = Stated("The move itself usually costs nothing.")
_CONTRACT: Final = Stated(
    "Your old operator may charge what is left of a contract or of a device. Ask it before you send."
)
_LANDLINE_ENDS: Final = (
    "Internet over the same line, alarms, elevator phones, card terminals, fax, and door phones may end with it."
)
_MOBILE_ENDS: Final = (
    "Watches and other devices with the same number, and discounts for several lines, may end with it.",
    "Some banks send no codes to internet numbers, which this one becomes. Give them another number first.",
)
_OTHERS_END: Final = "Other numbers of the account may end when its main number leaves."

_SIMPLE: Final = Stated(
    "One line alone, landline or mobile, is a simple move: the old operator has one business day, also when the number "
    "goes to internet telephony, as here.",
    "47 CFR 52.35",
)
_FCC: Final = "FCC, Keeping your telephone number when you change service providers"
_WIRELESS: Final = Stated(
    "Between two mobile operators a move can be done in hours. Yours goes to internet telephony, for which business "
    "days count.",
    _FCC,
)
_COMPLEX: Final = Stated(
    "With several lines, a switchboard, or a reseller in between it has four business days, or more by agreement.",
    "47 CFR 52.35",
)
_FCC_FEES: Final = Stated(
    "An old operator may charge for the move or for ending a contract early. Ask it to waive the fee, or to lower it. "
    "It may not hold the number back over money; what you owe stays owed.",
    _FCC,
)
_AMERICAN: Final = Rules(
    AMERICAN,
    FiledBy.CARRIER,
    times=(_SIMPLE, _COMPLEX),
    fees=(_USUALLY_NOTHING, _FCC_FEES),
    ends=(_LANDLINE_ENDS, *_MOBILE_ENDS, _OTHERS_END),
    # operators must tell a customer of every request to move a number (47 CFR 52.37)
    warning="Your old operator may text or call you to ask whether this move is yours. Say yes, and do not stop it.",
)
_CANADIAN: Final = Rules(
    CANADIAN,
    FiledBy.DESK,
    times=(
        Stated(
            "For a simple move from a landline, or from a mobile to internet telephony, as here, the old operator has "
            "two business days. The 2.5 hours between mobile operators do not count.",
            "CRTC 2005-72",
        ),
        Stated("With the papers, operators that take numbers over tell their customers of about two weeks."),
    ),
    fees=(_USUALLY_NOTHING, _CONTRACT),
    ends=_AMERICAN.ends,
    warning="Your old mobile operator may text you to ask whether this move is yours. It is no fraud: answer yes.",
)
_SWEDISH: Final = Rules(
    SWEDISH,
    FiledBy.DESK,
    times=(
        Stated(
            "Your old operator hands the number over on the agreed day, at the latest one working day after it.",
            "LEK 2022:482; PTS",
        ),
        Stated(
            "The day is agreed 10 to 12 working days ahead for a landline number, 5 to 12 for a mobile one.",
            "Bandwidth, Colt, Telavox, Lynes",
        ),
    ),
    fees=(
        Stated(
            "Your old operator must hand it over free of charge, whatever is left of the contract; what the contract "
            "still costs stays owed.",
            "PTS; Telekområdgivarna",
        ),
        Stated("Notice periods run on: ask what the contract still costs before you send."),
    ),
    ends=(_LANDLINE_ENDS, *_MOBILE_ENDS, _OTHERS_END),
    letter_language=Language.SWEDISH,
)
_TOLL_FREE: Final = Rules(
    TOLL_FREE,
    FiledBy.DESK,
    times=(
        Stated(
            "The company that manages the number (its RespOrg) has two business days to release it; after that the "
            "registry's help desk decides within two more.",
            "Somos",
        ),
    ),
    fees=(_USUALLY_NOTHING, Stated("Some RespOrgs charge for the release. Ask yours to waive that.")),
    ends=("Its menus, and which places can call it, are set at the old company and do not come along.",),
    letter=Letter.RESPORG,
)
ELSEWHERE: Final = Rules(COMMON, FiledBy.DESK, fees=(_CONTRACT,))
"""Countries without a row."""

_TABLE: Final[tuple[tuple[AbstractSet[str], NumberKind | None, Rules], ...]] = (
    (frozenset({"US", "CA"}), NumberKind.TOLL_FREE, _TOLL_FREE),
    (
        frozenset({"US"}),
        NumberKind.MOBILE,
        replace(_AMERICAN, times=(_WIRELESS, _SIMPLE, _COMPLEX), ends=(*_MOBILE_ENDS, _OTHERS_END)),
    ),
    (frozenset({"US"}), None, _AMERICAN),
    # they are states by the law on telecommunications (47 U.S.C. 153), but our carriers' interfaces leave them out
    *(
        (frozenset({territory}), None, replace(_AMERICAN, questions=territorial(territory), filed_by=FiledBy.DESK))
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


def country_of(number: str) -> str:
    """ISO 3166 code of the country or territory that a number (E.164) belongs to, "" if none.

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
    country, kind = country_of(number), kind_of(number, told)
    fitting = (rules for countries, of, rules in _TABLE if country in countries and of in {None, kind})
    return next(fitting, ELSEWHERE)
