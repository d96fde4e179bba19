"""What passed between a line and a contact, beside their conversation: the latest calls, pictures and files."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.inbox.models import Call, Conversation, Message, Picture

CALLS: Final = 5
FILES: Final = 9


@dataclass(frozen=True, slots=True)
class About:
    """The latest calls of a conversation, and its latest files of which we have a copy, newest first."""

    calls: Sequence[Call]
    files: Sequence[Picture]


def about(session: Session, conversation: Conversation) -> About:
    """The latest calls and files of a conversation."""
    calls = select(Call).where(Call.conversation_id == conversation.id).order_by(Call.at.desc(), Call.id.desc())
    theirs = Message.conversation_id == conversation.id, Picture.media != ""
    files = select(Picture).join(Message, Picture.message_id == Message.id).where(*theirs).order_by(Picture.id.desc())
    return About(session.scalars(calls.limit(CALLS)).all(), session.scalars(files.limit(FILES)).all())
