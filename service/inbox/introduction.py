"""The first text to a person who has not written or called: it names the business, and says how to stop.

CTIA's Messaging Principles (2023) and the carriers' reviewers ask for both in the first text of a conversation that a
business begins.
"""

import re
from typing import Final

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from service.accounts.models import Workspace
from service.inbox.models import Conversation, Direction, Message
from service.language import Language

_HOW_TO_STOP: Final = {
    Language.ENGLISH: "Reply STOP to opt out.",
    Language.SWEDISH: "Svara STOP för att slippa fler sms.",
    Language.SPANISH: "Responda STOP y no le escribiremos.",
    Language.FRENCH: "Répondez STOP pour ne plus en recevoir.",
}
_STOP: Final = re.compile(r"\bSTOP\b")


def introduced(session: Session, conversation: Conversation, text: str) -> str:
    """A text as it leaves: the first to a person has the name before it and how to stop behind, unless it says so."""
    if not is_first(session, conversation):
        return text
    name = session.get_one(Workspace, conversation.line.workspace_id).name
    return with_introduction(text, name, conversation.line.language)


def with_introduction(text: str, name: str, language: Language) -> str:
    """A text with the name of the business and how to stop; what it says already is not added."""
    named = text if name.casefold() in text.casefold() else f"{name}: {text}"
    return named if _STOP.search(named) else f"{named.rstrip(': ')}\n{_HOW_TO_STOP[language]}"


def is_first(session: Session, conversation: Conversation) -> bool:
    """Whether nothing was sent to the contact yet, and nothing came from them, on any line of the workspace."""
    theirs = Conversation.contact_id == conversation.contact_id
    sent = exists().where(Message.conversation_id == Conversation.id, Message.direction == Direction.OUT)
    return not session.scalar(select(exists().where(theirs, or_(Conversation.heard > 0, sent))))
