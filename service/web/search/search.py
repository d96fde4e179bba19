"""The page of a search, and its hits alone, which the palette fetches while a person types."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session

from service.accounts.access import lines_read_by, numbers_matching
from service.accounts.models import IN_CHARGE, Member
from service.inbox.search import contacts, quoted, search
from service.lines.models import PhoneNumber
from service.porting.models import PortNumber
from service.porting.queries import ports_matching
from service.web.inbox.previews import passages, previews
from service.web.search.places import places_matching
from service.web.shell.context import member, services
from service.web.shell.security import limiter, signed_in_person
from service.web.shell.words import phone, state

blueprint = Blueprint("search", __name__, url_prefix="/search")

FEW: Final = 6
"""Hits of each kind that are shown."""

_LONGEST: Final = 100
"""Characters of a search; further ones are ignored."""


@dataclass(frozen=True, slots=True)
class Hit:
    """What was found: the icon of its kind, its name, what is said below it, and where it leads."""

    sign: str
    name: str
    below: str
    address: str


@dataclass(frozen=True, slots=True)
class Group:
    """The hits of one kind. `further` leads to all of them if these are the first."""

    title: str
    hits: Sequence[Hit]
    further: str = ""


@blueprint.get("/")
@limiter.limit("120/minute", key_func=signed_in_person)
def show() -> str:
    """The page of a search, which needs no JavaScript; without words, the pages that one can go to."""
    return _rendered("search/search.html")


@blueprint.get("/hits")
@limiter.limit("240/minute;3000/hour", key_func=signed_in_person)
def hits() -> str:
    """The hits alone, for the palette."""
    return _rendered("search/_hits.html")


def _rendered(template: str) -> str:
    wanted = " ".join(request.args.get("q", "").split())[:_LONGEST]
    with services().sessions.begin() as session:
        here = member(session)
        found = [group for group in _groups(session, here, wanted) if group.hits]
        return render_template(template, wanted=wanted, groups=found, count=sum(len(group.hits) for group in found))


def _groups(session: Session, here: Member, wanted: str) -> Iterator[Group]:
    if wanted:
        yield Group(gettext("Contacts"), _people(session, here, wanted))
        yield _conversations(session, here, wanted)
        yield Group(gettext("Numbers"), _numbers(session, here, wanted))
        yield Group(gettext("Transfers"), _transfers(session, here, wanted))
    yield Group(
        gettext("Go to"),
        [Hit(sign, str(words), "", url_for(endpoint)) for sign, words, endpoint in places_matching(here, wanted)],
    )


def _people(session: Session, here: Member, wanted: str) -> list[Hit]:
    return [
        Hit(
            "person",
            contact.name or phone(contact.number),
            " · ".join(filter(None, [contact.name and phone(contact.number), contact.company, contact.email])),
            url_for("contacts.show", contact_id=contact.id),
        )
        for contact in contacts(session, here, wanted, most=FEW)
    ]


def _conversations(session: Session, here: Member, wanted: str) -> Group:
    """Conversations with the passage that has the words, or the latest entry where the contact has them."""
    found = search(session, here, lines_read_by(session, here), wanted)
    shown = [row.conversation for row in found.rows[:FEW]]
    below = previews(session, shown) | passages(quoted(session, [one.id for one in shown], wanted))
    rows = [
        Hit(
            "chat-left-text",
            one.contact.name or phone(one.contact.number),
            below[one.id].words if one.id in below else "",
            url_for("inbox.read", conversation_id=one.id),
        )
        for one in shown
    ]
    return Group(
        gettext("Conversations"), rows, url_for("inbox.show", q=wanted) if len(found.rows) > FEW or found.older else ""
    )


def _numbers(session: Session, here: Member, wanted: str) -> list[Hit]:
    return [
        Hit("hash", phone(number.number), number.name or number.line.name, _address_of(number, here))
        for number in numbers_matching(session, here, wanted, FEW)
    ]


def _address_of(number: PhoneNumber, here: Member) -> str:
    """The number's own page for owners and admins, for others the inbox of its line."""
    if here.role in IN_CHARGE:
        return url_for("number.show", number_id=number.id)
    return url_for("inbox.show", line=number.line_id)


def _transfers(session: Session, here: Member, wanted: str) -> list[Hit]:
    return [_transfer(number) for number in ports_matching(session, here, wanted, FEW)]


def _transfer(number: PortNumber) -> Hit:
    address = url_for("ports.show", public_id=number.project.public_id)
    return Hit("arrow-left-right", phone(number.number), state(number.state), address)
