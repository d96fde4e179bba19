"""One spelling for what is written in many: names and addresses, without case, full stops and long forms."""

import re
from typing import Final

_DROPPED: Final = re.compile(r"[.'’`]")
_BETWEEN: Final = re.compile(r"[^\w#]+|_+")

_SHORT: Final = {
    long: short
    for short, longs in {
        # street suffixes and units as the US Postal Service abbreviates them (Publication 28, appendix C)
        "ave": "avenue av aven",
        "blvd": "boulevard boul",
        "cir": "circle",
        "ct": "court",
        "ctr": "center centre",
        "dr": "drive",
        "expy": "expressway",
        "hwy": "highway",
        "ln": "lane",
        "pkwy": "parkway pky",
        "pl": "place",
        "plz": "plaza",
        "rd": "road",
        "sq": "square",
        "st": "street str saint",
        "ter": "terrace",
        "trl": "trail",
        "apt": "apartment",
        "bldg": "building",
        "fl": "floor",
        "ste": "suite #",
        "n": "north",
        "e": "east",
        "s": "south",
        "w": "west",
        "ne": "northeast",
        "nw": "northwest",
        "se": "southeast",
        "sw": "southwest",
        "co": "company",
        "corp": "corporation",
        "inc": "incorporated",
        "ltd": "limited",
        "and": "&",
    }.items()
    for long in longs.split()
}


def normal(text: str) -> str:
    """The words of a text, each in its one spelling, with one blank between them."""
    plain = _DROPPED.sub("", text.casefold()).replace("&", " and ").replace("#", " # ")
    return " ".join(_SHORT.get(word, word) for word in _BETWEEN.sub(" ", plain).split())


def compact(text: str) -> str:
    """Letters and digits alone, for numbers that are written in groups."""
    return re.sub(r"[\W_]+", "", text.casefold())
