"""Phones of the shop, and what is heard on them."""

BAKER, DRIVER, OVEN = "+14155550131", "+14155550132", "+14155550134"
OUTSIDE = "+12125550177"
PATIENT = 3600
"""So many seconds does a caller wait."""


def talked(call):
    return any("talks in the conference" in words for words in call.transcript)


def talks(call):
    return sum("talks in the conference" in words for words in call.transcript)
