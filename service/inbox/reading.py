"""What each person has read in conversations, and who is looking at one now."""

from datetime import timedelta
from typing import Final

from sqlalchemy import ColumnElement, func, literal, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, joinedload

from service.inbox.models import Call, Conversation, Outcome
from service.inbox.shared import Mention, Presence, ReadMark
from service.time import now

LOOKING: Final = timedelta(seconds=20)
"""How long after its last request (real time) the page of a person counts as open."""

TYPING: Final = timedelta(seconds=8)


def mark_read(session: Session, conversation: Conversation, user_id: int) -> None:
    """Mark a conversation and its mentions of a person as read. Nothing is written if they are already."""
    row = {"conversation_id": conversation.id, "user_id": user_id, "heard": conversation.heard, "at": now()}
    read = {"heard": conversation.heard, "at": row["at"]}
    marked = session.scalar(
        insert(ReadMark)
        .values(row)
        .on_conflict_do_update(
            index_elements=[ReadMark.conversation_id, ReadMark.user_id],
            set_=read,
            where=ReadMark.heard < conversation.heard,
        )
        .returning(ReadMark.heard)
    )
    if marked is not None:
        see_voicemails(session, Call.conversation_id == conversation.id)
    named = Mention.user_id == user_id, Mention.conversation_id == conversation.id, Mention.seen_at.is_(None)
    session.execute(update(Mention).where(*named).values(seen_at=now()))


def see_voicemails(session: Session, which: ColumnElement[bool]) -> None:
    """Note that one of the team has played or opened these voicemails."""
    new = which, Call.outcome == Outcome.VOICEMAIL, Call.seen_at.is_(None)
    session.execute(update(Call).where(*new).values(seen_at=now()))


def mark_unread(session: Session, conversation: Conversation, user_id: int) -> None:
    """Mark the last entry as unread, for a person who wants to come back to it."""
    mine = ReadMark.conversation_id == conversation.id, ReadMark.user_id == user_id
    session.execute(update(ReadMark).where(*mine).values(heard=func.greatest(conversation.heard - 1, 0)))


def look(session: Session, conversation: Conversation, user_id: int, *, typing: bool) -> None:
    """Note that a person has the conversation open, and whether they are writing an answer."""
    typed = {"typed_at": func.clock_timestamp()} if typing else {}
    row = {"conversation_id": conversation.id, "user_id": user_id, "looked_at": func.clock_timestamp(), **typed}
    again = {"looked_at": func.clock_timestamp(), **typed}
    keys = [Presence.conversation_id, Presence.user_id]
    news = or_(literal(typing), Presence.looked_at < func.clock_timestamp() - LOOKING / 4)
    session.execute(insert(Presence).values(row).on_conflict_do_update(index_elements=keys, set_=again, where=news))


def leave(session: Session, conversation: Conversation, user_id: int) -> None:
    """Note that a person no longer writes, because they have sent their answer."""
    mine = Presence.conversation_id == conversation.id, Presence.user_id == user_id
    session.execute(update(Presence).where(*mine).values(typed_at=None))


def others(session: Session, conversation: Conversation, user_id: int) -> list[tuple[Presence, bool]]:
    """Other people who have the conversation open now, each with whether they are writing."""
    typing = func.coalesce(Presence.typed_at > func.clock_timestamp() - TYPING, False)
    there = or_(Presence.looked_at > func.clock_timestamp() - LOOKING, typing)
    rows = (
        select(Presence, typing)
        .where(Presence.conversation_id == conversation.id, Presence.user_id != user_id, there)
        .options(joinedload(Presence.user))
        .order_by(Presence.user_id)
    )
    return [(presence, is_typing) for presence, is_typing in session.execute(rows)]
