"""Paper to print on: PDFs in a font that has the letters of people's names, so that Łukasz is not ?ukasz on them."""

from functools import cache
from typing import Final
from unicodedata import normalize

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


def composed(text: str) -> str:
    """A text with each letter and its marks in one: some keyboards send an o and two dots for an ö."""
    return normalize("NFC", text)


def unprintable(text: str) -> str:
    """The letters of a text that the font has not, in their order."""
    return "".join(letter for letter in composed(text) if not letter.isspace() and ord(letter) not in _letters())


@cache
def _letters() -> frozenset[int]:
    """Code points that the font has; its styles have the same."""
    with TTFont(fontpkg.path(FACE)) as font:
        return frozenset(font.getBestCmap() or {})
