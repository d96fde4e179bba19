"""Paper to print on: PDFs in a font that has the letters of people's names, so that Łukasz is not ?ukasz on them."""

from functools import cache
from typing import Final
from unicodedata import category, normalize

import fontpkg
from fontTools.ttLib import TTFont
from fpdf import FPDF

FACE: Final = "Fira Sans"
"""Latin letters of every language, Greek and Cyrillic; its licence (OFL 1.1) lets a paper carry it along."""

_STYLES: Final = {"": (400, "normal"), "B": (700, "normal"), "I": (400, "italic")}


def blank_paper(margin: int) -> FPDF:
    """A first page (A4, `margin` in mm), to be written on in `FACE`, also bold and italic."""
    paper = FPDF(format="A4")
    for style, (weight, slant) in _STYLES.items():
        paper.add_font(FACE, style, fontpkg.path(FACE, weight, slant))
    paper.set_margin(margin)
    paper.add_page()
    paper.set_font(FACE, size=11)
    return paper


def printable(text: str) -> str:
    """A text as it can be printed: letters with their marks in one (NFC), plain blanks and line breaks, nothing hidden.

    Some keyboards send an o and two dots for an ö. A tab, a blank that the font has not, or an invisible mark would
    print as nothing, and two words as one.
    """
    lines = normalize("NFC", text).splitlines()
    return "\n".join("".join(map(_plain, line)) for line in lines)


def unprintable(text: str) -> str:
    """The letters of a text that the font has not, in their order."""
    return "".join(letter for letter in printable(text) if letter != "\n" and ord(letter) not in _letters())


def _plain(character: str) -> str:
    if character.isspace():
        return character if ord(character) in _letters() else " "
    return "" if category(character) in {"Cc", "Cf"} else character


@cache
def _letters() -> frozenset[int]:
    """Code points that the font has; its styles have the same."""
    with TTFont(fontpkg.path(FACE)) as font:
        return frozenset(font.getBestCmap() or {})
