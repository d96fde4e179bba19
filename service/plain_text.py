"""Text of people: of their files in any encoding, and typed, in the signs of an ordinary keyboard."""

import codecs
import unicodedata
from typing import Final

UTF_16: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
"""How Excel’s “Unicode text” begins."""


def decoded(content: bytes) -> str:
    """The text of a file: UTF-8, Excel's “Unicode text” (UTF-16), or the Latin-1 that older programs write."""
    if content.startswith(UTF_16):
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("latin-1")


def plain(typed: str) -> str:
    """One spelling for blanks, dashes, digits and wide forms; what cannot be seen, such as a bidi mark, is gone."""
    ordinary = typed.isascii() and typed.isprintable()
    return " ".join((typed if ordinary else "".join(map(_plain, typed))).split())


def _plain(character: str) -> str:
    kind = unicodedata.category(character)
    if kind in {"Cf", "Mn"}:
        return ""
    if kind[0] == "Z" or kind == "Cc":
        return " "
    if kind == "Nd":
        return str(unicodedata.decimal(character))
    if kind == "Pd" or character == "\N{MINUS SIGN}":
        return "-"
    wide = unicodedata.normalize("NFKC", character)
    return wide if len(wide) == 1 and kind != "No" else character
