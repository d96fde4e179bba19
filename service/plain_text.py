"""Typed text in the signs of an ordinary keyboard."""

import unicodedata


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
