"""Bring names and addresses to one spelling for comparing: without case, accents, full stops and long forms."""

import re
from typing import Final
from unicodedata import category, normalize

_DROPPED: Final = re.compile(r"[.']")
_PO_BOX: Final = re.compile(r"\bp ?o ?box\b|\bpost office box\b")
_UNIT_TWICE: Final = re.compile(r"#(?: #)+")
_BETWEEN: Final = re.compile(r"[^\w#]+|_+")

_PLAIN: Final = {
    **dict.fromkeys(map(ord, "‘’‛ʼʹ′`´＇ꞌ"), "'"),
    **dict.fromkeys(map(ord, "‐‑‒–—―−"), "-"),
    **dict.fromkeys(map(ord, "\t\u2028\u2029"), " "),
}
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
        "bldg": "building",
        "fl": "floor",
        "ft": "fort",
        "mt": "mount",
        # "#" stands for any of them on American bills; "Ste" is also a saint
        "#": "apt apartment suite ste unit app appartement bureau unite sainte",
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
    """The words of a text, each in its one spelling and without accents, with one blank between them."""
    plain = _DROPPED.sub("", without_accents(text)).replace("&", " and ").replace("#", " # ")
    words = " ".join(_SHORT.get(word, word) for word in _BETWEEN.sub(" ", plain).split())
    return _UNIT_TWICE.sub("#", _PO_BOX.sub("pobox", words))


def compact(text: str) -> str:
    """Letters and digits alone, for numbers that are written in groups."""
    return re.sub(r"[\W_]+", "", text.casefold())


def without_accents(text: str) -> str:
    """A text in small letters without accents and invisible marks, with plain blanks, hyphens and apostrophes."""
    apart = normalize("NFKD", text.translate(_PLAIN)).casefold()
    return "".join(character for character in apart if category(character) not in {"Mn", "Cf"})
