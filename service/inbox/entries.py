"""A conversation in time order: its messages, calls and notes, a page at a time from the latest."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, TypeVar

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload, selectinload

from service.inbox.cursors import older_than
from service.inbox.models import Call, Conversation, Message
from service.inbox.shared import Note

PAGE: Final = 50
"""Entries on a page; entries of the same moment stay on the same page."""

Happened = Message | Call | Note
Row = TypeVar("Row", Message, Call, Note)


class EntryKind(StrEnum):
    """The kinds of entries in a conversation."""

    MESSAGE = "message"
    CALL = "call"
    NOTE = "note"
    DIVIDER = "divider"


@dataclass(frozen=True, slots=True)
class Divider:
    """A mark where the line changed its number (E.164)."""

    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a conversation, at its time (aware UTC)."""

    kind: EntryKind
    at: datetime
    what: Message | Call | Note | Divider


@dataclass(frozen=True, slots=True)
class Thread:
    """A page of a conversation; `earlier` is the moment before which there are more entries, None on the first page."""

    entries: list[Entry]
    earlier: datetime | None


def thread(session: Session, conversation: Conversation, before: datetime | None = None, most: int = PAGE) -> Thread:
    """The latest entries (before a moment, aware), with a divider wherever the line's number changed."""
    happened = sorted(_latest(session, conversation.id, before, most), key=lambda one: (one.at, one.id))
    shown = happened[-most:]
    shown = [one for one in happened if one.at >= shown[0].at] if shown else []
    earlier = shown[0].at if len(happened) > most else None
    return Thread(_divided(shown), earlier)


def waiting(session: Session, conversation: Conversation) -> list[Message]:
    """Scheduled texts, the next one first."""
    later = Message.conversation_id == conversation.id, Message.leaves_at.is_not(None)
    return list(session.scalars(select(Message).where(*later).order_by(Message.leaves_at, Message.id)))


def messages_of(session: Session, conversation: Conversation, before: str, most: int) -> list[Message]:
    """The latest messages of a conversation that have left or come in, with `before` those behind a cursor."""
    there = Message.conversation_id == conversation.id, Message.leaves_at.is_(None)
    older = older_than(before, Message.at, Message.id)
    rows = select(Message).where(*there, *older).order_by(Message.at.desc(), Message.id.desc())
    return list(session.scalars(rows.limit(most)))


def _latest(session: Session, conversation_id: int, before: datetime | None, most: int) -> list[Happened]:
    """As many of each kind as a page could show, and one more, since all of them may be of one kind."""
    messages = _some(Message, conversation_id, before, most).where(Message.leaves_at.is_(None))
    return [
        *session.scalars(messages.options(selectinload(Message.pictures), joinedload(Message.author))),
        *session.scalars(_some(Call, conversation_id, before, most).options(selectinload(Call.pieces))),
        *session.scalars(_some(Note, conversation_id, before, most).options(joinedload(Note.author))),
    ]


def _some(kind: type[Row], conversation_id: int, before: datetime | None, most: int) -> Select[Row]:
    rows = select(kind).where(kind.conversation_id == conversation_id)
    if before:
        rows = rows.where(kind.at < before)
    return rows.order_by(kind.at.desc()).fetch(most + 1, with_ties=True)


def _divided(happened: Iterable[Happened]) -> list[Entry]:
    entries: list[Entry] = []
    used = ""
    for one in happened:
        if isinstance(one, Note):
            entries.append(Entry(EntryKind.NOTE, one.at, one))
            continue
        if used not in {"", one.number}:
            entries.append(Entry(EntryKind.DIVIDER, one.at, Divider(used, one.number)))
        used = one.number
        entries.append(Entry(EntryKind.MESSAGE if isinstance(one, Message) else EntryKind.CALL, one.at, one))
    return entries
