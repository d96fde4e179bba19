"""Putting earlier texts and calls into the inbox of a line.

Nobody is notified, nothing becomes unread, and conversations that begin with it are done. An entry that is there
already is not taken twice, whichever file it comes from: its reference is made of what it is.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any, Final

from sqlalchemy import Select, exists, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from provisioning.contract.messaging import MessageStatus
from service.history.models import HistoryImport, ImportedName, ImportedRow
from service.history.sides import Placed
from service.inbox.consent import heed
from service.inbox.contacts import conversation_with
from service.inbox.models import Call, Contact, Conversation, Direction, Handling, Message, Outcome
from service.lines.inventory import numbers_of, shown_number
from service.optout_words import wish_in
from service.phone_numbers import spellings
from service.time import now

SAME: Final = timedelta(minutes=2)
"""The same words within this time are the same text: services write down slightly different times."""

_LONG_AGO: Final = datetime(1970, 1, 1, tzinfo=UTC)


class Full(Exception):
    """The workspace may have no more contacts."""


def take(session: Session, work: HistoryImport, batch: Sequence[Placed], most_contacts: int) -> None:
    """Write entries, each in its conversation. Raises `Full`."""
    shown = shown_number(number for number in numbers_of(session, work.line_id) if number.number)
    talks = {number: _talk(session, work, number, most_contacts) for number in {one.other for one in batch}}
    for one in batch:
        talk = talks[one.other]
        _name_them(session, work, talk.contact, one)
        if _keep(session, work, talk, replace(one, ours=one.ours or (shown.number if shown else ""))):
            talk.last_at = max(talk.last_at, one.at)
    work.read += len(batch)


def _name_them(session: Session, work: HistoryImport, contact: Contact, one: Placed) -> None:
    """Give a contact without a name the one that the file has."""
    if not contact.name and (name := _name(one)):
        contact.name = name
        session.merge(ImportedName(import_id=work.id, contact_id=contact.id, name=name))


def _talk(session: Session, work: HistoryImport, number: str, most_contacts: int) -> Conversation:
    """The conversation with a number; one that begins here is done, and as old as what is in it."""
    known = Contact.workspace_id == work.workspace_id, Contact.number.in_(spellings(number))
    contact_id = session.scalar(select(Contact.id).where(*known).limit(1))
    if contact_id is None:
        here = select(func.count()).select_from(Contact).where(Contact.workspace_id == work.workspace_id)
        if (session.scalar(here) or 0) >= most_contacts:
            raise Full
    on_line = exists().where(Conversation.line_id == work.line_id, Conversation.contact_id == contact_id)
    is_new = contact_id is None or not session.scalar(select(on_line))
    talk = conversation_with(session, work.line, number)
    if is_new:
        talk.handling, talk.last_at = Handling.DONE, _LONG_AGO
        session.add(ImportedRow(import_id=work.id, conversation_id=talk.id))
    if contact_id is None:
        session.add(ImportedRow(import_id=work.id, contact_id=talk.contact_id))
    return talk


def _keep(session: Session, work: HistoryImport, talk: Conversation, one: Placed) -> bool:
    """Write one entry; False if it is there already."""
    is_call = bool(one.entry.outcome)
    if not is_call and session.scalar(_said_here(talk, one)):
        return False
    row = _row(talk, one) | (_of_call(one) if is_call else _of_text(one))
    kept: type[Call | Message] = Call if is_call else Message
    stored = insert(kept).values(row).on_conflict_do_nothing(index_elements=["reference"]).returning(kept.id)
    made = session.scalar(stored)
    if made is None:
        return False
    session.add(ImportedRow(import_id=work.id, **{"call_id" if is_call else "message_id": made}))
    if is_call:
        work.calls += 1
    else:
        work.texts += 1
        _heed(session, talk, one)
    return True


def _heed(session: Session, talk: Conversation, one: Placed) -> None:
    """A STOP to the service before holds for the same business here."""
    if one.direction is Direction.IN:
        heed(session, talk.contact, wish_in(one.entry.text), one.at)


def _said_here(talk: Conversation, one: Placed) -> Select[bool]:
    """Whether the same words went the same way at about the same time, other than by a file: there they may repeat."""
    near = Message.at.between(one.at - SAME, one.at + SAME)
    same = Message.conversation_id == talk.id, Message.direction == one.direction, Message.text == one.entry.text
    return select(exists().where(*same, near, ~_IMPORTED))


_IMPORTED: Final = exists().where(ImportedRow.message_id == Message.id)


def _row(talk: Conversation, one: Placed) -> dict[str, Any]:
    return {
        "conversation_id": talk.id,
        "direction": one.direction,
        "number": one.ours,
        "reference": _reference(talk, one),
        "at": one.at,
    }


def _of_text(one: Placed) -> dict[str, Any]:
    status = MessageStatus.SENT if one.direction is Direction.OUT else None
    return {"text": one.entry.text, "status": status, "trouble": "", "automatic": False}


def _of_call(one: Placed) -> dict[str, Any]:
    said, outcome = one.entry.text, Outcome(one.entry.outcome)
    return {"outcome": outcome, "seconds": one.entry.seconds, "transcript": said, "seen_at": now()}


def _reference(talk: Conversation, one: Placed) -> str:
    """What an entry is, so that the same one, from the same file or another, has the same reference."""
    what = (talk.id, one.direction.value, one.at.isoformat(timespec="seconds"), one.entry.outcome, one.entry.text)
    return "import:" + sha256(repr(what).encode()).hexdigest()[:48]


def _name(one: Placed) -> str:
    """The name that the file has for the other person, unless it is their number."""
    name = " ".join(one.entry.name.split())[:100]
    return "" if any(sign.isdigit() for sign in name) and not any(sign.isalpha() for sign in name) else name
