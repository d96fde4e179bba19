"""The number of segments of a text. https://www.twilio.com/docs/glossary/what-sms-character-limit."""

# GSM 03.38: the basic table, and the extension whose characters count twice
_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("\f^{}\\[~]|€")
_GSM, _GSM_JOINED = 160, 153
_UCS2, _UCS2_JOINED = 70, 67
_LAST_OF_TWO_BYTES = "\uffff"


def segments(body: str) -> int:
    """Count the segments of a text: in GSM 03.38 if all its characters are in it, else in UCS-2.

    A character that counts twice is never split between two segments.
    """
    if is_gsm(body):
        return _parts([1 + (sign in _EXTENDED) for sign in body], _GSM, _GSM_JOINED)
    return _parts([1 + (sign > _LAST_OF_TWO_BYTES) for sign in body], _UCS2, _UCS2_JOINED)


def is_gsm(body: str) -> bool:
    """Whether all characters of a text are in GSM 03.38."""
    return set(body) <= _BASIC | _EXTENDED


def _parts(places: list[int], alone: int, joined: int) -> int:
    if sum(places) <= alone:
        return 1
    parts, used = 1, 0
    for length in places:
        if used + length > joined:
            parts, used = parts + 1, 0
        used += length
    return parts
