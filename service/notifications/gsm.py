"""The alphabet of texts, GSM 03.38: in it a text costs less than half of what it costs in UCS-2.

https://www.etsi.org/deliver/etsi_ts/123000_123099/123038/, the basic table and its extension.
"""

import unicodedata
from typing import Final

BASIC: Final = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENDED: Final = frozenset("^{}\\[~]|€")
_KINDRED: Final = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "«": '"', "»": '"', "–": "-", "œ": "oe"})


def fits_gsm(text: str) -> bool:
    """Whether every character of a text is in the alphabet."""
    return set(text) <= BASIC | EXTENDED


def segments(text: str) -> int:
    """The number of segments that a text is sent and billed as; a character of two places is never split between two.

    `static/inbox.js` counts the same while a person types.
    """
    if fits_gsm(text):
        return _parts([1 + (sign in EXTENDED) for sign in text], alone=160, joined=153)
    return _parts([len(sign.encode("utf-16-be")) // 2 for sign in text], alone=70, joined=67)


def _parts(places: list[int], *, alone: int, joined: int) -> int:
    """How many segments characters of these widths fill; a single one has more room than each of several."""
    if sum(places) <= alone:
        return 1
    parts, used = 1, 0
    for taken in places:
        if used + taken > joined:
            parts, used = parts + 1, 0
        used += taken
    return parts


def spelled_plainly(text: str) -> str:
    """The text without the accents that the alphabet lacks, as Spanish and French are commonly written in texts.

    A text that does not fit the alphabet without accents either, such as one in another script, is returned as it is.
    """
    plain = "".join(letter if fits_gsm(letter) else _unaccented(letter) for letter in text.translate(_KINDRED))
    return plain if fits_gsm(plain) else text


def _unaccented(letter: str) -> str:
    return "".join(part for part in unicodedata.normalize("NFKD", letter) if not unicodedata.combining(part))
