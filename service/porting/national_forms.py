"""Answers as a country writes them: postal codes, states and provinces, organisation numbers.

Each function takes what was typed, not empty, and returns its one spelling; it raises `ValueError` with a sentence.
"""

import re
from collections.abc import Mapping
from typing import Final

from provisioning.regions import PROVINCES, STATES
from service.porting.spelling import normal

_ZIP: Final = re.compile(r"(\d{5})(?:[- ]?(\d{4}))?")
_CANADIAN: Final = re.compile(r"([ABCEGHJ-NPRSTVXY]\d[ABCEGHJ-NPRSTV-Z])[ -]?(\d[ABCEGHJ-NPRSTV-Z]\d)", re.IGNORECASE)
_SWEDISH: Final = re.compile(r"(?:SE?[- ]?)?(\d{3}) ?(\d{2})", re.IGNORECASE)
_BOX: Final = re.compile(r"\bpobox\b|\bpo box\b|\bbox \d|\bc ?p \d|\bcase postale\b")
_OTHER_NAMES: Final = {
    "colombie britannique": "BC",
    "ile du prince edouard": "PE",
    "nouveau brunswick": "NB",
    "nouvelle ecosse": "NS",
    "terre neuve et labrador": "NL",
    "territoires du nord ouest": "NT",
    "virgin islands": "VI",
    "washington dc": "DC",
}


def zip_code(typed: str) -> str:
    """A ZIP code of five digits, or of nine with a hyphen."""
    found = _ZIP.fullmatch(typed)
    if found is None:
        raise ValueError("A ZIP code has five digits, like 94105.")
    return "-".join(filter(None, found.groups()))


def canadian_postal_code(typed: str) -> str:
    """A Canadian postal code in capitals, with its blank. D, F, I, O, Q and U are in none, W and Z not in front."""
    found = _CANADIAN.fullmatch(typed)
    if found is None:
        raise ValueError("A Canadian postal code mixes letters and digits, like V6B 1A1.")
    return " ".join(found.groups()).upper()


def zip_or_postal_code(typed: str) -> str:
    """A code of either country."""
    if _CANADIAN.fullmatch(typed):
        return canadian_postal_code(typed)
    if _ZIP.fullmatch(typed):
        return zip_code(typed)
    raise ValueError("Enter a ZIP code like 94105, or a Canadian postal code like V6B 1A1.")


def swedish_postal_code(typed: str) -> str:
    """A Swedish postal code of five digits, with its blank."""
    found = _SWEDISH.fullmatch(typed)
    if found is None:
        raise ValueError("A Swedish postal code has five digits, like 352 30.")
    return " ".join(found.groups())


def is_canadian(postal_code: str) -> bool:
    """Whether a postal code is one of Canada."""
    return _CANADIAN.fullmatch(postal_code) is not None


def state(typed: str) -> str:
    """The letters of a state or territory of the United States, by its letters or its name."""
    return _letters(typed, STATES, "Enter the state’s two letters, like CA.")


def province(typed: str) -> str:
    """The letters of a Canadian province or territory, by its letters or its name."""
    return _letters(typed, PROVINCES, "Enter the province’s two letters, like BC.")


def state_or_province(typed: str) -> str:
    """The letters of a state or a province; no two of them are the same."""
    return _letters(typed, {**STATES, **PROVINCES}, "Enter the two letters of the state or province, like CA.")


def no_box(typed: str) -> str:
    """A street address that is no post office box."""
    if _BOX.search(normal(typed)):
        raise ValueError("Enter the street address of the service, not a PO box.")
    return typed


def subscriber_id(typed: str) -> str:
    """A Swedish organisation or personal number, its digits alone: ten, or twelve with the century (16 for a company).

    Its last digit checks the others (Luhn's rule).
    """
    digits = "".join(character for character in typed if character not in " -+")
    if not digits.isdecimal() or len(digits) not in {10, 12} or not _checks(digits[-10:]):
        raise ValueError("That’s not a complete number. It has ten digits, like 556036-0793.")
    return digits


def _letters(typed: str, known: Mapping[str, str], refusal: str) -> str:
    name = normal(typed)
    named = {normal(full): letters for letters, full in known.items()}
    letters = typed.replace(".", "").upper()
    found = letters if letters in known else named.get(name) or _OTHER_NAMES.get(name, "")
    if found not in known:
        raise ValueError(refusal)
    return found


def _checks(digits: str) -> bool:
    """Luhn's rule over ten digits: every other one counts double, by the sum of its digits."""
    doubled = (sum(divmod(int(digit) * 2, 10)) for digit in digits[::2])
    return (sum(doubled) + sum(map(int, digits[1::2]))) % 10 == 0
