"""Taking contacts out of a file: they are checked and shown first, and taken when the member says so."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from service.errors import Sentence
from service.inbox.contact_files import Card
from service.inbox.models import Contact, ContactImport
from service.phone_numbers import NotANumber, read_alone, spellings
from service.time import now

_NO_NUMBER: Final = Sentence("There is no phone number.")
_TWICE: Final = Sentence("This number stands further up.")
_NO_EMAIL: Final = Sentence("The e-mail address cannot be right. The contact is taken without it.")
_LONGEST: Final = {"name": 100, "company": 100, "email": 255, "notes": 4000}
_FACTS: Final = tuple(_LONGEST)


@dataclass(frozen=True, slots=True)
class Remark:
    """Why a contact of the file is skipped, or taken without something; `name` is as the file has it."""

    line: int
    name: str
    why: Sentence


@dataclass(frozen=True, slots=True)
class Checked:
    """Contacts of a file with their numbers in E.164, each once, and what is said about the others."""

    cards: list[Card]
    remarks: list[Remark]


@dataclass(frozen=True, slots=True)
class Outlook:
    """What taking the contacts would do: make new ones, and fill in what is empty in those known already."""

    new: Sequence[Card]
    known: Sequence[Card]


def check(cards: Iterable[Card], country: str) -> Checked:
    """Read the numbers as in a country (ISO 3166)."""
    taken: dict[str, Card] = {}
    remarks: list[Remark] = []
    for card in cards:
        try:
            number = read_alone(card.number, country).number if card.number else ""
        except NotANumber as refusal:
            remarks.append(Remark(card.line, card.name or card.number, refusal.sentence))
            continue
        if not number or number in taken:
            remarks.append(Remark(card.line, card.name, _TWICE if number else _NO_NUMBER))
            continue
        taken[number] = _fitted(card, number)
        if card.email and not taken[number].email:
            remarks.append(Remark(card.line, card.name, _NO_EMAIL))
    return Checked(list(taken.values()), remarks)


def hold(session: Session, workspace_id: int, user_id: int, cards: Sequence[Card]) -> None:
    """Keep checked contacts until the member has looked at them, in place of any that they looked at before."""
    row: dict[str, Any] = {"cards": [asdict(card) for card in cards], "made_at": now()}
    keys = [ContactImport.workspace_id, ContactImport.user_id]
    held = insert(ContactImport).values(workspace_id=workspace_id, user_id=user_id, **row)
    session.execute(held.on_conflict_do_update(index_elements=keys, set_=row))


def held(session: Session, workspace_id: int, user_id: int) -> list[Card]:
    """The contacts that the member has not taken yet."""
    found = session.get(ContactImport, (workspace_id, user_id))
    return [Card(**card) for card in found.cards] if found else []


def drop(session: Session, workspace_id: int, user_id: int) -> None:
    """Forget them."""
    mine = ContactImport.workspace_id == workspace_id, ContactImport.user_id == user_id
    session.execute(delete(ContactImport).where(*mine))


def outlook(session: Session, workspace_id: int, cards: Sequence[Card]) -> Outlook:
    """Which of these contacts are new in the workspace, in any spelling of their numbers."""
    known = _known(session, workspace_id, cards)
    new = [card for card in cards if card.number not in known]
    return Outlook(new, [card for card in cards if card.number in known])


def take(session: Session, workspace_id: int, cards: Sequence[Card]) -> None:
    """Make the new contacts, and fill in what is empty in the known ones. Nothing that the team wrote is replaced."""
    known = _known(session, workspace_id, cards)
    facts = {card.number: {name: getattr(card, name) for name in _FACTS} for card in cards}
    for number, contact in known.items():
        for name, value in facts[number].items():
            setattr(contact, name, getattr(contact, name) or value)
    new = [{"workspace_id": workspace_id, "number": one, **facts[one]} for one in facts if one not in known]
    if new:
        session.execute(insert(Contact).on_conflict_do_nothing(), new)  # one may have called a moment ago


def _known(session: Session, workspace_id: int, cards: Sequence[Card]) -> Mapping[str, Contact]:
    """Contacts of the workspace by the number that the file has."""
    written = {spelling: card.number for card in cards for spelling in spellings(card.number)}
    here = Contact.workspace_id == workspace_id, Contact.number.in_(written)
    return {written[contact.number]: contact for contact in session.scalars(select(Contact).where(*here))}


def _fitted(card: Card, number: str) -> Card:
    facts = {name: getattr(card, name)[:most] for name, most in _LONGEST.items()}
    name, company = (" ".join(facts[one].split()) for one in ("name", "company"))
    email = facts["email"].lower() if _may_be_email(facts["email"]) else ""
    return Card(card.line, number, name, company, email, facts["notes"].replace("\0", ""))


def _may_be_email(typed: str) -> bool:
    before, _, domain = typed.partition("@")
    return bool(before) and "." in domain and not any(sign.isspace() or sign in "<>@" for sign in before + domain)
