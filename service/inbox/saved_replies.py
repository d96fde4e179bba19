"""Saved replies of a workspace, with variables that are filled in for each conversation."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from service.accounts.models import User, Workspace
from service.errors import Invalid, NotFound
from service.inbox.models import Conversation
from service.inbox.shared import SavedReply

VARIABLES: Final = ("name", "business", "number", "me")
"""The variables that may stand in braces: the contact's name, the business, the line's number, the author's name."""

_BRACES: Final = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True, slots=True)
class FilledReply:
    """A saved reply, ready to be sent in one conversation."""

    id: int
    title: str
    text: str


def saved_replies(session: Session, workspace_id: int) -> list[SavedReply]:
    """The saved replies of a workspace, by title."""
    mine = select(SavedReply).where(SavedReply.workspace_id == workspace_id)
    return list(session.scalars(mine.order_by(SavedReply.title)))


def saved_reply(session: Session, workspace_id: int, reply_id: int) -> SavedReply:
    """One saved reply. Raises `NotFound`, also for another workspace's."""
    found = session.scalar(select(SavedReply).where(SavedReply.workspace_id == workspace_id, SavedReply.id == reply_id))
    if found is None:
        raise NotFound("There is no such reply.")
    return found


def save(session: Session, reply: SavedReply, title: str, text: str) -> None:
    """Store a new reply, or change one.

    Raises:
        Invalid: an unknown variable is in braces, or another reply has this title.
    """
    if not set(_BRACES.findall(text)) <= set(VARIABLES):
        raise Invalid({"text": ["Something in braces is none of the words that are filled in."]})
    reply.title, reply.text = title, text
    try:
        with session.begin_nested():
            session.add(reply)
    except IntegrityError:
        raise Invalid({"title": ["Another reply has this title."]}) from None


def fill(session: Session, conversation: Conversation, author: User, number: str) -> list[FilledReply]:
    """All saved replies, filled in for a conversation; `number` is the line's, as people write it."""
    workspace = session.get_one(Workspace, conversation.line.workspace_id)
    facts = {
        "name": conversation.contact.name,
        "business": workspace.name,
        "number": number,
        "me": author.name,
    }
    return [FilledReply(one.id, one.title, filled(one.text, facts)) for one in saved_replies(session, workspace.id)]


def filled(text: str, facts: Mapping[str, str]) -> str:
    """A text with its variables filled in; an empty variable is left out together with the blank before it."""
    return re.sub(r"( ?)\{([^{}]*)\}", lambda found: _fact(found, facts), text)


def _fact(found: re.Match[str], facts: Mapping[str, str]) -> str:
    fact = facts.get(found[2], "")
    return f"{found[1]}{fact}" if fact else ""
