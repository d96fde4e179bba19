"""Whether an automatic answer may be sent, decided in one place.

Never to a machine: short codes, senders without a number, our own numbers (two would answer each other), and texts
that read like automatic answers. Never to a contact who sent STOP, to a keyword, to a sentence that asks for no more
texts, or to a text older than `STALE`. Once for each contact, occasion and day.
"""

import re
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from sqlalchemy import ForeignKey
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from service import optouts
from service.db import Base
from service.errors import Conflict
from service.inbox.models import Contact, Message
from service.inbox.writing import write
from service.lines.inventory import number_held
from service.optout_words import asks_to_stop, wish_in
from service.phone_numbers import is_dialable
from service.time import now

STALE: Final = timedelta(minutes=30)
"""A text older than this, found after an outage, is not answered: the answer would puzzle its sender."""


class Occasion(StrEnum):
    """Why an automatic answer is sent."""

    RETIRING = "retiring"
    AFTER_HOURS = "after_hours"
    AGREED = "agreed"


class AutomaticAnswer(Base):
    """An automatic answer to a contact; the row prevents a second one on the same occasion and day."""

    __tablename__ = "automatic_answers"

    contact_id: Mapped[int] = mapped_column(
        ForeignKey("contacts.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    occasion: Mapped[Occasion] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)


def answer(session: Session, message: Message, occasion: Occasion, text: str, day: date) -> Message | None:
    """Answer a text, and return the answer; None if it may not be answered, or was answered on this `day` already."""
    conversation, contact = message.conversation, message.conversation.contact
    if not _may(session, message, contact) or not is_first_today(session, contact, occasion, day):
        return None
    try:
        return write(session, conversation, text, None, automatic=True)
    except Conflict:
        return None


def is_first_today(session: Session, contact: Contact, occasion: Occasion, day: date) -> bool:
    """Note an automatic text to a contact on an occasion; False if there was one on this `day` already."""
    row = insert(AutomaticAnswer).values(contact_id=contact.id, occasion=occasion, day=day)
    return session.execute(row.on_conflict_do_nothing().returning(AutomaticAnswer.day)).first() is not None


def _may(session: Session, message: Message, contact: Contact) -> bool:
    machine = not is_dialable(contact.number) or _AUTOMATIC.search(message.text) is not None
    return not (
        machine
        or wish_in(message.text) is not None
        or asks_to_stop(message.text)
        or message.at < now() - STALE
        or number_held(session, contact.number) is not None
        or optouts.stopped(session, contact.number, contact.workspace_id)
    )


# phrases by which automatic answers are recognized, in our customers' languages
_AUTOMATIC: Final = re.compile(
    r"auto(?:matic|mated)?[ -]?(?:reply|response|message)|automatisk[at]* svar|autosvar|respuesta automática"
    r"|réponse automatique|do not reply|no[ -]?reply|svara inte|out of (?:the )?office|\bdriving\b.*(?:focus|later)",
    re.IGNORECASE,
)
