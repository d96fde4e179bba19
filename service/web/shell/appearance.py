"""How pages look and are worked in this browser: light or dark, with or without shortcuts of single keys."""

from enum import StrEnum

from flask import Flask, session


class Theme(StrEnum):
    """Light or dark, or as the person's system wishes."""

    AUTO = "auto"
    LIGHT = "light"
    DARK = "dark"


def set_up_appearance(app: Flask) -> None:
    """Let templates ask what was chosen."""
    app.add_template_global(theme)
    app.add_template_global(shortcuts)


def theme() -> Theme:
    """What was chosen in this browser."""
    chosen = session.get("theme")
    return Theme(chosen) if chosen in list(Theme) else Theme.AUTO


def shortcuts() -> bool:
    """Whether single keys are shortcuts in this browser. They may be switched off: who dictates types them unawares."""
    return bool(session.get("shortcuts", True))


def choose(theme: Theme, *, shortcuts: bool) -> None:
    """Keep a choice in this browser, also for after signing out."""
    session.update(theme=theme.value, shortcuts=shortcuts)
