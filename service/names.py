"""Names of people compared: what two people type for one name differs in case, accents' bytes and punctuation."""

from typing import Final
from unicodedata import category, normalize

_DROPPED: Final = frozenset(".'‘’‛ʼʹ′`´ꞌ")
"""Apostrophes of every keyboard, and the full stop of an initial."""


def folded_name(name: str) -> str:
    """A name for comparing: composed (NFC), small letters, no apostrophes or full stops, hyphens and blanks alike.

    Accents stay: they make another name. One that is all punctuation stays as it is.
    """
    composed = normalize("NFC", name).casefold()
    return " ".join("".join(map(_folded, composed)).split()) or composed


def _folded(character: str) -> str:
    if character in _DROPPED or category(character) == "Cf":
        return ""
    if category(character) == "Pd":
        return "-"
    return character if category(character)[0] in "LMN" else " "
