"""The latest message or call of each conversation, for lists."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeVar

from flask_babel import gettext
from sqlalchemy import Select, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from service.inbox.models import Call, Conversation, Direction, Message, Outcome
from service.inbox.search import Quote
from service.inbox.shared import Note
from service.web.inbox.call_words import call_words

Entry = TypeVar("Entry", Message, Call)


class PreviewKind(StrEnum):
    """What a preview shows, which its icon tells."""

    TEXT = "text"
    FILE = "file"
    NOTE = "note"
    MISSED = "missed"
    VOICEMAIL = "voicemail"
    CALL_IN = "call_in"
    CALL_OUT = "call_out"


_QUOTED: Final = {Message: PreviewKind.TEXT, Note: PreviewKind.NOTE, Call: PreviewKind.VOICEMAIL}


@dataclass(frozen=True, slots=True)
class Preview:
    """The latest message or call of a conversation, in words."""

    kind: PreviewKind
    words: str


def previews(session: Session, conversations: Iterable[Conversation]) -> dict[int, Preview]:
    """The latest message or call of each conversation, by the conversation's id."""
    shown = [conversation.id for conversation in conversations]
    latest = {message.conversation_id: message for message in session.scalars(_latest(Message, shown))}
    found = {which: _written(message) for which, message in latest.items()}
    for call in session.scalars(_latest(Call, shown)):
        if call.conversation_id not in latest or latest[call.conversation_id].at < call.at:
            found[call.conversation_id] = Preview(_kind(call), _spoken(call))
    return found


def passages(quotes: Mapping[int, Quote]) -> dict[int, Preview]:
    """What a search found in each conversation, by the conversation's id."""
    return {which: Preview(_QUOTED[quote.kind], quote.text) for which, quote in quotes.items()}


def _latest(kind: type[Entry], shown: list[int]) -> Select[Entry]:
    """Select the latest row of each conversation."""
    of = kind.conversation_id
    return select(kind).where(of.in_(shown)).ext(distinct_on(of)).order_by(of, kind.at.desc(), kind.id.desc())


def _written(message: Message) -> Preview:
    kind = PreviewKind.TEXT if message.text else PreviewKind.FILE
    text = message.text or gettext("Picture or file")
    return Preview(kind, gettext("You: %(words)s", words=text) if message.direction is Direction.OUT else text)


def _spoken(call: Call) -> str:
    return f"{gettext('Voicemail')} · “{call.transcript}”" if call.transcript else call_words(call)


def _kind(call: Call) -> PreviewKind:
    if call.direction is Direction.OUT:
        return PreviewKind.CALL_OUT
    kinds = {Outcome.VOICEMAIL: PreviewKind.VOICEMAIL, Outcome.ANSWERED: PreviewKind.CALL_IN}
    return kinds.get(call.outcome, PreviewKind.MISSED if call.outcome is not Outcome.RINGING else PreviewKind.CALL_IN)
