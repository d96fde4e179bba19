"""How the inbox writes people and the length of a text."""

from collections.abc import Iterable

from babel.lists import format_list
from flask import Flask
from flask_babel import gettext, ngettext

from service.accounts.models import User
from service.inbox.consent import may_mean_stop
from service.notifications.gsm import BASIC, EXTENDED, segments
from service.web.shell.languages import language


def add_filters(app: Flask) -> None:
    """Make them known to the templates; `gsm` is the networks' own alphabet, for the count while somebody types."""
    for filter_ in (called, initials, at_handles, text_length, may_mean_stop):
        app.add_template_filter(filter_)
    app.jinja_env.globals.update(gsm="".join(sorted(BASIC)), gsm_extended="".join(sorted(EXTENDED)))


def called(user: User | None) -> str:
    """What a member of the team is called; somebody who has left is not named."""
    return user.name or user.email.partition("@")[0] if user else str(gettext("somebody who has left"))


def initials(user: User) -> str:
    """The same, where there is room for two letters only."""
    names = called(user).split()
    return "".join(name[0] for name in (names[0], *names[1:][-1:])).upper()


def at_handles(handles: Iterable[str]) -> str:
    """How members are called in a note, each with its @."""
    return format_list([f"@{handle}" for handle in handles], locale=language().value)


def text_length(text: str) -> str:
    """How long a text is, and as how many it is sent; nothing of an empty one."""
    if not text.strip():
        return ""
    signs = gettext("%(signs)d characters", signs=len(text))
    texts = ngettext("%(num)d text", "%(num)d texts", segments(text))
    return f"{signs} · {texts}"
