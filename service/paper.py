"""PDFs in a font with the letters of people's names, so that Łukasz is not printed as ?ukasz.

The libraries are imported by the first paper that is made: they take a sixth of the time in which a process starts.
"""

from functools import cache
from typing import TYPE_CHECKING, Final
from unicodedata import category, normalize

import fontpkg

if TYPE_CHECKING:
    from fpdf import FPDF

FACE: Final = "Fira Sans"
"""Has the Latin letters of every language, Greek and Cyrillic; its license (OFL 1.1) allows embedding in a PDF."""

_STYLES: Final = {"": (400, "normal"), "B": (700, "normal"), "I": (400, "italic")}


def blank_paper(margin: int) -> "FPDF":
    """A PDF with a first page (A4, `margin` in mm) and the font `FACE` in regular, bold and italic."""
    from fpdf import FPDF

    paper = FPDF(format="A4")
    for style, (weight, slant) in _STYLES.items():
        paper.add_font(FACE, style, fontpkg.path(FACE, weight, slant))
    paper.set_margin(margin)
    paper.add_page()
    paper.set_font(FACE, size=11)
    return paper


def printable(text: str) -> str:
    """A text ready for printing: composed letters (NFC), plain blanks and line breaks, no invisible characters.

    Some keyboards send an o and a diaeresis for an ö. A tab or a blank that the font lacks would print as nothing, so
    two words would run together.
    """
    lines = normalize("NFC", text).splitlines()
    return "\n".join("".join(map(_plain, line)) for line in lines)


def unprintable(text: str) -> str:
    """The letters of a text that the font lacks, in their order."""
    return "".join(letter for letter in printable(text) if letter != "\n" and ord(letter) not in _letters())


def _plain(character: str) -> str:
    if character.isspace():
        return character if ord(character) in _letters() else " "
    return "" if category(character) in {"Cc", "Cf"} else character


@cache
def _letters() -> frozenset[int]:
    """Code points in the font; all its styles have the same."""
    from fontTools.ttLib import TTFont

    with TTFont(fontpkg.path(FACE)) as font:
        return frozenset(font.getBestCmap() or {})
