"""What pages are like in this browser: light or dark, with or without shortcuts of single keys, silent or not."""

from enum import StrEnum

from flask import Flask, session


class Theme(StrEnum):
    """Light or dark, or as the person's system wishes."""

    AUTO = "auto"
    LIGHT = "light"
    DARK = "dark"


def set_up_appearance(app: Flask) -> None:
    """Let templates ask what was chosen."""
    for chosen in (theme, shortcuts, sound, desktop_notices):
        app.add_template_global(chosen)


def theme() -> Theme:
    """What was chosen in this browser."""
    chosen = session.get("theme")
    return Theme(chosen) if chosen in list(Theme) else Theme.AUTO


def shortcuts() -> bool:
    """Whether single keys are shortcuts in this browser. They may be switched off: who dictates types them unawares."""
    return bool(session.get("shortcuts", True))


def sound() -> bool:
    """Whether an open page sounds when something new comes into the inbox."""
    return bool(session.get("sound", False))


def desktop_notices() -> bool:
    """Whether an open page has the system show a notice when something new comes into the inbox."""
    return bool(session.get("desktop_notices", False))


def choose(theme: Theme, **switched: bool) -> None:
    """Keep a choice in this browser, also for after signing out."""
    session.update(switched, theme=theme.value)
