"""The one place that decides whether an automatic answer may go out.

Never to a machine: short codes and senders without a number, numbers of our own (two of them would answer each other),
whatever reads like an automatic answer itself. Never to a sender of STOP, to a keyword, to a sentence that asks for no
more texts, or to a text that was found late. Once for each contact, occasion and day.
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
"""An answer to a text older than this would only puzzle whoever sent it."""


class Occasion(StrEnum):
    """Why we answer by ourselves."""

    RETIRING = "retiring"
    AFTER_HOURS = "after_hours"


class AutomaticAnswer(Base):
    """A contact was answered on an occasion: the row keeps a second answer on the same day from going out."""

    __tablename__ = "automatic_answers"

    contact_id: Mapped[int] = mapped_column(
        ForeignKey("contacts.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    occasion: Mapped[Occasion] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)


def answer(session: Session, message: Message, occasion: Occasion, text: str, day: date) -> Message | None:
    """Answer a text that came in, unless it must not be, or this contact was answered on this day. What was written."""
    conversation = message.conversation
    if not _may(session, message, conversation.contact) or not _first(session, conversation.contact, occasion, day):
        return None
    try:
        return write(session, conversation, text, None, automatic=True)
    except Conflict:
        return None


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


def _first(session: Session, contact: Contact, occasion: Occasion, day: date) -> bool:
    row = insert(AutomaticAnswer).values(contact_id=contact.id, occasion=occasion, day=day)
    return session.execute(row.on_conflict_do_nothing().returning(AutomaticAnswer.day)).first() is not None


# how automatic answers begin or say of themselves that they are, in the languages our customers write
_AUTOMATIC: Final = re.compile(
    r"auto(?:matic|mated)?[ -]?(?:reply|response|message)|automatisk[at]* svar|autosvar|respuesta automática"
    r"|réponse automatique|do not reply|no[ -]?reply|svara inte|out of (?:the )?office|\bdriving\b.*(?:focus|later)",
    re.IGNORECASE,
)
