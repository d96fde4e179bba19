"""How many parts a text is sent, and paid, as. https://www.twilio.com/docs/glossary/what-sms-character-limit."""

# GSM 03.38, the basic table and its extension, whose characters take two places
_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("\f^{}\\[~]|€")
_GSM, _GSM_JOINED = 160, 153
_UCS2, _UCS2_JOINED = 70, 67
_LAST_OF_TWO_BYTES = "\uffff"


def segments(body: str) -> int:
    """Parts of a text: in the network's own alphabet if every character is in it, else in UCS-2.

    A character of two places is never torn between two parts.
    """
    if set(body) <= _BASIC | _EXTENDED:
        return _parts([1 + (sign in _EXTENDED) for sign in body], _GSM, _GSM_JOINED)
    return _parts([1 + (sign > _LAST_OF_TWO_BYTES) for sign in body], _UCS2, _UCS2_JOINED)


def _parts(places: list[int], alone: int, joined: int) -> int:
    if sum(places) <= alone:
        return 1
    parts, used = 1, 0
    for length in places:
        if used + length > joined:
            parts, used = parts + 1, 0
        used += length
    return parts
