"""A conversation as it reads: what was written, rung and noted, in time order, the latest first to be fetched."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, TypeVar

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload, selectinload

from service.inbox.models import Call, Conversation, Message
from service.inbox.shared import Note

PAGE: Final = 50
"""Entries that are shown at once; entries of the same moment are never torn apart."""

Happened = Message | Call | Note
Row = TypeVar("Row", Message, Call, Note)


class EntryKind(StrEnum):
    """What stands in a thread."""

    MESSAGE = "message"
    CALL = "call"
    NOTE = "note"
    DIVIDER = "divider"


@dataclass(frozen=True, slots=True)
class Divider:
    """From here on the line used another number."""

    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing in a thread, at its time (aware UTC)."""

    kind: EntryKind
    at: datetime
    what: Message | Call | Note | Divider


@dataclass(frozen=True, slots=True)
class Thread:
    """A page of a conversation in time order; `earlier` is the moment before which there is more, or None."""

    entries: list[Entry]
    earlier: datetime | None


def thread(session: Session, conversation: Conversation, before: datetime | None = None, most: int = PAGE) -> Thread:
    """The latest of what happened (before a moment), with a divider wherever the line's number changed."""
    happened = sorted(_latest(session, conversation.id, before, most), key=lambda one: (one.at, one.id))
    shown = happened[-most:]
    shown = [one for one in happened if one.at >= shown[0].at] if shown else []
    earlier = shown[0].at if len(happened) > most else None
    return Thread(_divided(shown), earlier)


def waiting(session: Session, conversation: Conversation) -> list[Message]:
    """Texts that are to leave later, the next first."""
    later = Message.conversation_id == conversation.id, Message.leaves_at.is_not(None)
    return list(session.scalars(select(Message).where(*later).order_by(Message.leaves_at, Message.id)))


def _latest(session: Session, conversation_id: int, before: datetime | None, most: int) -> list[Happened]:
    """More of each kind than are shown, since any kind may be all of them."""
    messages = _some(Message, conversation_id, before, most).where(Message.leaves_at.is_(None))
    return [
        *session.scalars(messages.options(selectinload(Message.pictures), joinedload(Message.author))),
        *session.scalars(_some(Call, conversation_id, before, most)),
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
