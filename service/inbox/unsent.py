"""What people have typed in a conversation and not sent yet, kept so that they go on with it on another device."""

from dataclasses import dataclass
from typing import Literal

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from service.inbox.models import Conversation
from service.inbox.shared import UnsentWords
from service.time import now

Typed = Literal["answer", "note"]


@dataclass(frozen=True, slots=True)
class Unsent:
    """An answer and a note as far as they are typed."""

    answer: str = ""
    note: str = ""


def unsent_in(session: Session, conversation: Conversation, user_id: int) -> Unsent:
    """What a person has typed in a conversation."""
    found = session.get(UnsentWords, (conversation.id, user_id))
    return Unsent(found.answer, found.note) if found else Unsent()


def keep_unsent(session: Session, conversation: Conversation, user_id: int, what: Typed, words: str) -> None:
    """Store what a person has typed so far, in place of what they had before; "" forgets it."""
    row = {"conversation_id": conversation.id, "user_id": user_id, what: words, "at": now()}
    keys = [UnsentWords.conversation_id, UnsentWords.user_id]
    again = {what: words, "at": now()}
    session.execute(insert(UnsentWords).values(row).on_conflict_do_update(index_elements=keys, set_=again))
    nothing = UnsentWords.answer == "", UnsentWords.note == ""
    mine = UnsentWords.conversation_id == conversation.id, UnsentWords.user_id == user_id
    if not words:
        session.execute(delete(UnsentWords).where(*mine, *nothing))
