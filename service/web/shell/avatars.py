"""What stands in a person's round picture: the letters of their name, on one of eight colors."""

from typing import Final
from zlib import crc32

HUES: Final = 8


def letters(name: str) -> str:
    """The first letters of the first and the last word of a name, "" for one that begins with a digit or sign."""
    words = [word for word in name.split() if word[0].isalpha()]
    return "".join(word[0] for word in (*words[:1], *words[1:][-1:])).upper()


def hue(key: object) -> int:
    """Which color belongs to an id or address, the same each time."""
    return crc32(str(key).encode()) % HUES
