"""Comparing names of people: the same name can be typed with other case, Unicode forms and punctuation."""

from typing import Final
from unicodedata import category, normalize

_DROPPED: Final = frozenset(".'‘’‛ʼʹ′`´ꞌ")
"""Apostrophes of all keyboards, and the full stop of an initial."""


def folded_name(name: str) -> str:
    """A name for comparing: composed (NFC), lower case, without apostrophes and full stops, with single blanks.

    Accents stay, because they make another name. A name of punctuation only stays as it is.
    """
    composed = normalize("NFC", name).casefold()
    return " ".join("".join(map(_folded, composed)).split()) or composed


def _folded(character: str) -> str:
    if character in _DROPPED or category(character) == "Cf":
        return ""
    if category(character) == "Pd":
        return "-"
    return character if category(character)[0] in "LMN" else " "
