"""Template filters of the inbox: people's names, the length of a text, hits of a search, and what belongs together."""

import re
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Final

from babel.lists import format_list
from babel.units import format_unit
from flask import Flask
from flask_babel import gettext, lazy_gettext, ngettext
from markupsafe import Markup, escape

from service.accounts.models import User
from service.inbox.attachments import FileKind, State, kind_of, state_of
from service.inbox.consent import may_mean_stop
from service.inbox.entries import Entry
from service.inbox.models import Message, Picture
from service.notifications.gsm import BASIC, EXTENDED, segments
from service.optins import Way
from service.time import now
from service.web.inbox.call_words import call_words
from service.web.inbox.times import calendar_date, calendar_day, short_time, time_of_day
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
WAYS: Final[Mapping[Way, str]] = {
    Way.WROTE_FIRST: "They wrote or called first",
    Way.OUR_PAGE: "On our sign-up page",
    Way.OWN_WEBSITE: "On a form of our website",
    Way.ON_PAPER: "On paper",
    Way.ON_THE_PHONE: "By word, on the phone or in person",
}
"""How people agree to texts, for those who look it up."""

_KILOBYTE: Final = 1000
_RUN: Final = timedelta(minutes=5)
"""Texts of one person this close to each other show their time once."""

_BEFORE: Final = 24
"""Characters before the first hit of a search that are shown whole."""


def add_filters(app: Flask) -> None:
    """Register the filters. `gsm` and `gsm_extended` are the GSM alphabet, with which the page counts segments."""
    people, files = (called, at_handles), (attachment_state, attachment_name)
    times = (short_time, calendar_day, calendar_date, time_of_day)
    for filter_ in (*people, *files, *times, text_length, may_mean_stop, marked, call_words):
        app.add_template_filter(filter_)
    app.add_template_test(continued_by)
    app.jinja_env.globals["unsent"] = unsent
    app.jinja_env.globals.update(WAYS=WAYS, gsm="".join(sorted(BASIC)), gsm_extended="".join(sorted(EXTENDED)))


def called(user: User | None) -> str:
    """A member's name, or their address before the @. Members who have left are not named."""
    return user.name or user.email.partition("@")[0] if user else str(gettext("someone who left"))


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


def continued_by(entry: Entry, following: object) -> bool:
    """Whether the next entry is a text of the same hand and moment with the same status, which stands below both."""
    if not isinstance(following, Entry):
        return False
    text, after = entry.what, following.what
    if not isinstance(text, Message) or not isinstance(after, Message):
        return False
    same = (text.direction, text.author_id, text.status, text.automatic, text.trouble)
    return same == (after.direction, after.author_id, after.status, after.automatic, "") and after.at - text.at < _RUN


def marked(text: str, wanted: str) -> Markup:
    """A text with the words of a search marked, from shortly before the first of them."""
    words = "|".join(re.escape(word) for word in re.findall(r"\w+", wanted))
    hits = list(re.finditer(rf"\b(?:{words})\w*" if words else r"(?!)", text, re.IGNORECASE))
    if not hits:
        return escape(text)
    start = hits[0].start() if hits[0].start() > _BEFORE else 0
    shown, end = escape("…" if start else ""), start
    for hit in hits:
        shown += escape(text[end : hit.start()]) + Markup("<mark>{}</mark>").format(hit.group())
        end = hit.end()
    return shown + escape(text[end:])
