"""Numbers that callers withhold, as operators write them."""

import re

_KEYPAD = str.maketrans("abcdefghijklmnopqrstuvwxyz", "22233344455566677778889999")
_WITHHELD = {
    word.translate(_KEYPAD) for word in ("anonymous", "blocked", "private", "restricted", "unavailable", "unknown")
}


_HIDDEN = re.compile(
    r"\W*(anonymous|blocked|private|restricted|unavailable|unknown|withheld"
    r"|out ?of ?area|no ?caller ?id|not ?available)\b([ -]?(caller|number))?\W*",
    re.IGNORECASE,
)


def caller(written: str) -> str:
    """The caller, or "" for a hidden number, which is written as a word or as digits that spell it on a keypad.

    The word may stand in a SIP address, such as `sip:anonymous@anonymous.invalid` (RFC 3323).
    """
    user = re.sub(r"^\W*(sips?|tel):", "", written.strip(), flags=re.IGNORECASE).partition("@")[0]
    spelled = user.lower().translate(_KEYPAD).removeprefix("+")
    return "" if spelled in _WITHHELD or _HIDDEN.fullmatch(user) else written
