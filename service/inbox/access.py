"""Conversations, messages, calls and their files by id, among those on lines that a member sees."""

from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.accounts.access import seen_by
from service.accounts.models import Member
from service.errors import NotFound
from service.inbox.models import Call, Conversation, Message, Picture, RecordedPiece

Thing = TypeVar("Thing")


def conversation_for(session: Session, member: Member, conversation_id: int) -> Conversation:
    """A conversation on a line that a member sees. Raises `NotFound`."""
    named = select(Conversation).join(Conversation.line).where(Conversation.id == conversation_id, seen_by(member))
    return found(session.scalar(named))


def call_for(session: Session, member: Member, call_id: int) -> Call:
    """A call on a line that a member sees. Raises `NotFound`."""
    calls = select(Call).join(Call.conversation).join(Conversation.line)
    return found(session.scalar(calls.where(Call.id == call_id, seen_by(member))))


def message_for(session: Session, member: Member, message_id: int) -> Message:
    """A message on a line that a member sees. Raises `NotFound`."""
    messages = select(Message).join(Message.conversation).join(Conversation.line)
    return found(session.scalar(messages.where(Message.id == message_id, seen_by(member))))


def piece_for(session: Session, member: Member, piece_id: int) -> RecordedPiece:
    """A further piece of a recorded call on a line that a member sees. Raises `NotFound`."""
    pieces = select(RecordedPiece).join(RecordedPiece.call).join(Call.conversation).join(Conversation.line)
    return found(session.scalar(pieces.where(RecordedPiece.id == piece_id, seen_by(member))))


def picture_for(session: Session, member: Member, picture_id: int) -> Picture:
    """A picture or other file of a text on a line that a member sees. Raises `NotFound`."""
    texts = select(Picture).join(Message, Message.id == Picture.message_id)
    pictures = texts.join(Message.conversation).join(Conversation.line)
    return found(session.scalar(pictures.where(Picture.id == picture_id, seen_by(member))))


def found(thing: Thing | None) -> Thing:
    """The thing itself. Raises `NotFound` for None."""
    if thing is None:
        raise NotFound("This page doesn’t exist, or you don’t have access to it.")
    return thing
