"""The latest message or call of each conversation, for lists."""

from collections.abc import Iterable
from typing import TypeVar

from flask_babel import gettext
from sqlalchemy import Select, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from service.inbox.models import Call, Conversation, Direction, Message, Outcome

Entry = TypeVar("Entry", Message, Call)

_CALLS = {
    Outcome.RINGING: "Ringing now",
    Outcome.MISSED: "Missed call",
    Outcome.VOICEMAIL: "Voicemail",
    Outcome.ANSWERED: "Call, answered",
    Outcome.BLOCKED: "Blocked call",
}


def previews(session: Session, conversations: Iterable[Conversation]) -> dict[int, str]:
    """The latest message or call of each conversation in words, by the conversation's id."""
    shown = [conversation.id for conversation in conversations]
    latest = {message.conversation_id: message for message in session.scalars(_latest(Message, shown))}
    words = {which: _written(message) for which, message in latest.items()}
    for call in session.scalars(_latest(Call, shown)):
        if call.conversation_id not in latest or latest[call.conversation_id].at < call.at:
            label = "You called" if call.direction is Direction.OUT else _CALLS[call.outcome]
            words[call.conversation_id] = call.transcript or gettext(label)
    return words


def _latest(kind: type[Entry], shown: list[int]) -> Select[Entry]:
    """Select the latest row of each conversation."""
    of = kind.conversation_id
    return select(kind).where(of.in_(shown)).ext(distinct_on(of)).order_by(of, kind.at.desc(), kind.id.desc())


def _written(message: Message) -> str:
    text = message.text or gettext("Picture or file")
    return gettext("You: %(words)s", words=text) if message.direction is Direction.OUT else text
