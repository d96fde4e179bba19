"""Template filters of the inbox: people's names, and the length of a text."""

from collections.abc import Iterable
from typing import Final

from babel.lists import format_list
from babel.units import format_unit
from flask import Flask
from flask_babel import gettext, lazy_gettext, ngettext

from service.accounts.models import User
from service.inbox.attachments import FileKind, State, kind_of, state_of
from service.inbox.consent import may_mean_stop
from service.inbox.models import Message, Picture
from service.notifications.gsm import BASIC, EXTENDED, segments
from service.time import now
from service.web.inbox.unsent import unsent
from service.web.shell.languages import language

_FILES: Final = {
    FileKind.PICTURE: lazy_gettext("Picture"),
    FileKind.VIDEO: lazy_gettext("Video"),
    FileKind.SOUND: lazy_gettext("Sound recording"),
    FileKind.CONTACT: lazy_gettext("Contact card"),
    FileKind.CALENDAR: lazy_gettext("Calendar entry"),
    FileKind.PDF: lazy_gettext("PDF"),
    FileKind.TEXT: lazy_gettext("Text file"),
    FileKind.OTHER: lazy_gettext("File"),
}
_KILOBYTE: Final = 1000


def add_filters(app: Flask) -> None:
    """Register the filters. `gsm` and `gsm_extended` are the GSM alphabet, with which the page counts segments."""
    for filter_ in (called, initials, at_handles, text_length, may_mean_stop, attachment_state, attachment_name):
        app.add_template_filter(filter_)
    app.jinja_env.globals["unsent"] = unsent
    app.jinja_env.globals.update(gsm="".join(sorted(BASIC)), gsm_extended="".join(sorted(EXTENDED)))


def called(user: User | None) -> str:
    """A member's name, or their address before the @. Members who have left are not named."""
    return user.name or user.email.partition("@")[0] if user else str(gettext("somebody who has left"))


def initials(user: User) -> str:
    """A member's initials, at most two letters."""
    names = called(user).split()
    return "".join(name[0] for name in (names[0], *names[1:][-1:])).upper()


def at_handles(handles: Iterable[str]) -> str:
    """Members' handles in a list, each with its @."""
    return format_list([f"@{handle}" for handle in handles], locale=language().value)


def text_length(text: str) -> str:
    """Characters and segments of a text, "" for an empty one."""
    text = text.strip()
    if not text:
        return ""
    signs = gettext("%(signs)d characters", signs=len(text))
    texts = ngettext("%(num)d text", "%(num)d texts", segments(text))
    return f"{signs} · {texts}"


def attachment_state(picture: Picture, message: Message) -> State:
    """How an attachment of a text is shown now."""
    return state_of(picture, message.at, now())


def attachment_name(picture: Picture) -> str:
    """What an attachment is, and how large: PDF, 120 kB."""
    size, unit = picture.size / _KILOBYTE, "kilobyte"
    if size >= _KILOBYTE:
        size, unit = size / _KILOBYTE, "megabyte"
    digits = "#,##0.0" if unit == "megabyte" else "#,##0"
    measure = format_unit(max(size, 1), f"digital-{unit}", "short", format=digits, locale=language().value)
    return f"{_FILES[kind_of(picture)]}, {measure}"
