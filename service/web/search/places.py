"""The pages that a search finds by their names."""

from collections.abc import Callable, Iterator
from typing import Any, Final

from flask_babel import lazy_gettext

from service.accounts.models import DESK, IN_CHARGE, Member
from service.web.shell.context import person, registers_itself

Place = tuple[str, Any, str]
"""The icon of a page, its name in the page's language, and its endpoint."""


def places_matching(here: Member, wanted: str) -> Iterator[Place]:
    """Pages that a member may open, of whose names some word begins with each word of the search; "" finds all."""
    words = wanted.casefold().split()
    for *place, may in _PLACES:
        names = str(place[1]).casefold().split()
        if may(here) and all(any(name.startswith(word) for name in names) for word in words):
            yield tuple(place)


def _anyone(_: Member) -> bool:
    return True


def _in_charge(here: Member) -> bool:
    return here.role in IN_CHARGE


def _registering(here: Member) -> bool:
    return registers_itself() and _in_charge(here)


def _desk(_: Member) -> bool:
    return person().has_role(DESK)


_PLACES: Final[tuple[tuple[str, Any, str, Callable[[Member], bool]], ...]] = (
    ("inbox", lazy_gettext("Inbox"), "inbox.show", _anyone),
    ("pencil-square", lazy_gettext("New message"), "contacts.ask", _anyone),
    ("telephone", lazy_gettext("Calls"), "call_log.show", _anyone),
    ("people", lazy_gettext("Contacts"), "contacts.listing", _anyone),
    ("person-plus", lazy_gettext("New contact"), "contacts.blank", _anyone),
    ("hash", lazy_gettext("Numbers"), "numbers.listing", _anyone),
    ("arrow-left-right", lazy_gettext("All transfers"), "ports.listing", _anyone),
    ("arrow-left-right", lazy_gettext("Transfer a number"), "bring.ask", _in_charge),
    ("plus-lg", lazy_gettext("Get another number"), "searches.ask", _in_charge),
    ("telephone-forward", lazy_gettext("Forwarding"), "forwarding.show", _in_charge),
    ("diagram-3", lazy_gettext("Phone system"), "line.first", _anyone),
    ("person-badge", lazy_gettext("Team"), "team.show", _anyone),
    ("person-plus", lazy_gettext("Invite"), "invitations.ask", _in_charge),
    ("lightning", lazy_gettext("Saved replies"), "replies.listing", _anyone),
    ("gear", lazy_gettext("Settings"), "settings.show", _anyone),
    ("bell", lazy_gettext("Notifications"), "notices.show", _anyone),
    ("shield-check", lazy_gettext("How you sign in"), "sign_in_methods.show", _anyone),
    ("laptop", lazy_gettext("Where you’re signed in"), "devices.show", _anyone),
    ("patch-check", lazy_gettext("Texting registration"), "registration.show", _registering),
    ("clock-history", lazy_gettext("Change history"), "changes.listing", _in_charge),
    ("question-circle", lazy_gettext("How transfers work"), "help_page.show", _anyone),
    ("house", lazy_gettext("Home"), "home.show", _anyone),
    ("headset", lazy_gettext("Transfer desk"), "desk.show", _desk),
)
