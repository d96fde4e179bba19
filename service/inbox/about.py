"""What passed with a contact, beside their conversation and on their page: the latest calls, pictures and files."""

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
    """The latest calls of conversations, and their latest files of which we have a copy, newest first."""

    calls: Sequence[Call]
    files: Sequence[Picture]


def about(session: Session, conversations: Sequence[Conversation]) -> About:
    """The latest calls and files of these conversations."""
    ids = [conversation.id for conversation in conversations]
    calls = select(Call).where(Call.conversation_id.in_(ids)).order_by(Call.at.desc(), Call.id.desc())
    theirs = Message.conversation_id.in_(ids), Picture.media != ""
    files = select(Picture).join(Message, Picture.message_id == Message.id).where(*theirs).order_by(Picture.id.desc())
    return About(session.scalars(calls.limit(CALLS)).all(), session.scalars(files.limit(FILES)).all())
