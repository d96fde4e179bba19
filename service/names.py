"""Names of people, of any script: comparing them as they can be typed, and standing in sentences of another one."""

from typing import Final
from unicodedata import bidirectional, category, normalize

_DROPPED: Final = frozenset(".'‘’‛ʼʹ′`´ꞌ")
"""Apostrophes of all keyboards, and the full stop of an initial."""

_TURNING: Final = frozenset({"R", "AL", "AN", "RLE", "RLO", "LRE", "LRO", "RLI", "LRI", "FSI"})


def folded_name(name: str) -> str:
    """A name for comparing: composed (NFC), lower case, without apostrophes and full stops, with single blanks.

    Accents stay, because they make another name. A name of punctuation only stays as it is.
    """
    composed = normalize("NFC", name).casefold()
    return " ".join("".join(map(_folded, composed)).split()) or composed


def isolated(name: str) -> str:
    """A name that cannot turn the sentence around it: between isolates (UAX #9) if anything in it runs leftwards."""
    turns = any(bidirectional(sign) in _TURNING for sign in name)
    return f"\u2068{name}\u2069" if turns else name


def _folded(character: str) -> str:
    if character in _DROPPED or category(character) == "Cf":
        return ""
    if category(character) == "Pd":
        return "-"
    return character if category(character)[0] in "LMN" else " "
