"""Postal codes in the text of a bill: the one of the form, or the one that stands there in its place."""

import re
from typing import Final

from service.porting.spelling import compact, normal

_ALIKE: Final = {
    "US": re.compile(r"\b[A-Z]{2}[ ,]+(\d{5}(?:-\d{4})?)\b(?![ -]\d)"),
    "CA": re.compile(r"\b([A-Z]\d[A-Z][ -]?\d[A-Z]\d)\b", re.IGNORECASE),
    "SE": re.compile(r"(?<!\w)(?<!\d[ -])(\d{3} ?\d{2})(?= +[^\W\d_])"),
}
"""What looks like a postal code in a country: after a state, by its letters, before a town."""


def has_postal_code(bill: str, code: str) -> bool:
    """Whether a postal code stands on a bill, whole and as a word, whatever the blank in it.

    A ZIP code of five digits agrees with one of nine (ZIP+4) that begins with it. Digits beside other digits are an
    account number, unless a state stands before them or a town after them.
    """
    written = _spaced(compact(code))
    as_word = rf"(?<!\w)(?<!\d[ -]){written}(?![ -]?\w)"
    after_a_state = rf"(?<=\b[A-Z]{{2}} ){written}(?![\w-])"
    before_a_town = rf"(?<!\w){written}(?=[ ,]+[^\W\d_])"
    flat = re.sub(r"[^\S\n]+", " ", bill.upper())
    return re.search(f"{as_word}|{after_a_state}|{before_a_town}", flat, re.MULTILINE) is not None


def postal_code_instead(bill: str, country: str, city: str) -> str:
    """The postal code that a bill seems to say: on a line with the city if there is one, else the first; or ""."""
    alike = _ALIKE.get(country)
    firsts = [(match[1], line) for line in bill.splitlines() if (match := alike.search(line))] if alike else []
    with_city = [code for code, line in firsts if city and normal(city) in normal(line)]
    return next(iter(with_city or [code for code, _ in firsts]), "")


def _spaced(code: str) -> str:
    """A pattern for a code (letters and digits alone) with or without a blank or hyphen anywhere in it."""
    zip_code, plus_four = (code[:5], code[5:]) if code.isdecimal() and len(code) in {5, 9} else (code, "")
    spaced = "[ -]?".join(map(re.escape, zip_code.upper()))
    if not code.isdecimal():
        return spaced
    return rf"{spaced}(?:-?{plus_four})?" if plus_four else rf"{spaced}(?:-\d{{4}}(?!\d))?"
