"""Icons: those that the pages use, out of the Bootstrap Icons that the package of Bootstrap brings along."""

import re
from functools import cache
from importlib.resources import files
from typing import Final

ICONS: Final = frozenset(
    {
        "alarm",
        "arrow-counterclockwise",
        "arrow-left-right",
        "at",
        "bar-chart",
        "bell",
        "box-arrow-right",
        "calendar-plus",
        "calendar2-week",
        "chat-dots",
        "chat-left-text",
        "check-lg",
        "check2-square",
        "chevron-down",
        "chevron-expand",
        "chevron-left",
        "chevron-right",
        "chevron-up",
        "clock",
        "clock-history",
        "diagram-3",
        "download",
        "emoji-smile",
        "exclamation-triangle-fill",
        "flag",
        "gear",
        "grid-3x3-gap",
        "hash",
        "headset",
        "hourglass-split",
        "house",
        "image",
        "inbox",
        "key",
        "laptop",
        "lightning",
        "megaphone",
        "paperclip",
        "patch-check",
        "pause-circle",
        "pause-fill",
        "pen",
        "pencil-square",
        "people",
        "person",
        "person-badge",
        "person-check",
        "person-fill",
        "person-plus",
        "play-fill",
        "plus-lg",
        "question-circle",
        "record-circle",
        "search",
        "send",
        "shield-check",
        "sliders",
        "sticky",
        "tag",
        "telephone",
        "telephone-forward",
        "telephone-inbound",
        "telephone-outbound",
        "telephone-x",
        "three-dots",
        "trash3",
        "voicemail",
        "x-lg",
    }
)
"""Names of the icons in use. The whole set is 1.1 MB, so pages get these alone."""


@cache
def sheet() -> str:
    """One SVG with a symbol for each icon."""
    symbols = (_symbol(name) for name in sorted(ICONS))
    return f'<svg xmlns="http://www.w3.org/2000/svg">{"".join(symbols)}</svg>'


@cache
def _all() -> dict[str, str]:
    sprite = files("flask_bootstrap").joinpath("static/bootstrap5/icons/bootstrap-icons.svg").read_text()
    return {name: whole for whole, name in re.findall(r'(<symbol [^>]*id="([\w-]+)".*?</symbol>)', sprite, re.DOTALL)}


def _symbol(name: str) -> str:
    return re.sub(r' (?:class|xmlns)="[^"]*"', "", _all()[name])
