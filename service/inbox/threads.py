"""Conversations: what comes in, what goes out, and how far it got."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, joinedload, selectinload

from provisioning.contract.callbacks import MessageArrived, MessageProgressed
from provisioning.contract.messaging import MessageStatus
from service import optouts
from service.errors import Conflict, Invalid, NotFound
from service.inbox.contacts import conversation_with, is_dialable
from service.inbox.effects import fetch_picture
from service.inbox.grace import answer_for_retiring
from service.inbox.models import Call, Contact, Conversation, Direction, Message, Picture
from service.ledger.models import EffectKind
from service.ledger.promises import owe
from service.lines.inventory import number_held, outgoing_number
from service.lines.models import PhoneNumber
from service.optouts import Wish, wish_in
from service.time import now

LONGEST_TEXT: Final = 1600


def receive(session: Session, event: MessageArrived) -> Message | None:
    """Put a text or picture that came in into its conversation; None when it is there already.

    Raises:
        NotFound: no line holds the number yet. A ported number can be ahead of our own cutover: read it again later.
    """
    number = number_held(session, event.recipient)
    if number is None:
        raise NotFound("a text for a number that no line holds")
    conversation = conversation_with(session, number.line, event.sender)
    message = _kept(session, conversation, number, event)
    if message is None:
        return None
    _attach(session, message, event.media_urls)
    if not _heeded(session, conversation.contact, event):
        _answer_for_retiring(session, conversation, number)
    return message


def write(
    session: Session, conversation: Conversation, text: str, author_id: int | None, *, automatic: bool = False
) -> Message:
    """Write a text to the other end of a conversation; it leaves soon after, exactly once.

    Raises:
        Invalid: there is no text, or it is too long.
        Conflict: they sent STOP, cannot be texted at all, or the line has no number to text from yet.
    """
    text = _checked(text)
    number = _sender(session, conversation)
    message = Message(
        conversation=conversation,
        direction=Direction.OUT,
        number=number.number,
        text=text,
        status=MessageStatus.QUEUED,
        automatic=automatic,
        author_id=author_id,
    )
    session.add(message)
    session.flush()
    conversation.last_at = message.at
    owe(session, EffectKind.SEND_MESSAGE, message.id)
    return message


def progress(session: Session, event: MessageProgressed, message_id: int | None = None) -> None:
    """Note how far a message of ours got. News comes in any order, so a status never steps back.

    `message_id` is our own id where the carrier's news brought it: the carrier's may not be known to us yet.
    """
    ours = Message.id == message_id if message_id else Message.reference == event.reference
    message = session.scalar(select(Message).where(ours, Message.direction == Direction.OUT).with_for_update())
    if message is None:
        return
    message.reference = message.reference or event.reference
    if message.status is None or event.status.rank > message.status.rank:
        message.status = event.status
        message.trouble = event.trouble or ""


def conversations(session: Session, line_ids: Iterable[int]) -> list[Conversation]:
    """The conversations of these lines with their contacts, the latest first."""
    on_lines = select(Conversation).where(Conversation.line_id.in_(line_ids))
    latest_first = on_lines.order_by(Conversation.last_at.desc(), Conversation.id.desc())
    return list(session.scalars(latest_first.options(joinedload(Conversation.contact))))


class EntryKind(StrEnum):
    """What stands in a thread."""

    MESSAGE = "message"
    CALL = "call"
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
    what: Message | Call | Divider


def thread(session: Session, conversation: Conversation) -> list[Entry]:
    """All that was written and rung, in time order, with a divider wherever the line's number changed."""
    mine = conversation.id
    messages = select(Message).where(Message.conversation_id == mine).options(selectinload(Message.pictures))
    calls = select(Call).where(Call.conversation_id == mine)
    happened: list[Message | Call] = [*session.scalars(messages), *session.scalars(calls)]
    happened.sort(key=lambda one: (one.at, one.id))
    return _divided(happened)


def mark_read(session: Session, conversation: Conversation) -> None:
    """Somebody of the workspace has seen all of it."""
    conversation.unread = 0
    for call in session.scalars(select(Call).where(Call.conversation_id == conversation.id, Call.seen_at.is_(None))):
        call.seen_at = now()


def _kept(session: Session, conversation: Conversation, number: PhoneNumber, event: MessageArrived) -> Message | None:
    """The new row, or None: the carrier's id tells a repeated message."""
    row = {
        "conversation_id": conversation.id,
        "direction": Direction.IN,
        "number": number.number,
        "text": event.text.replace("\0", ""),
        "reference": event.reference,
        "at": event.at or now(),
    }
    keep = insert(Message).values(row).on_conflict_do_nothing(index_elements=[Message.reference]).returning(Message)
    message = session.scalar(keep)
    if message:
        number.last_used_at = now()
        conversation.last_at = max(conversation.last_at, message.at)
        conversation.unread = Conversation.unread + 1
    return message


def _attach(session: Session, message: Message, urls: Iterable[str]) -> None:
    pictures = [Picture(message_id=message.id, source_url=url) for url in urls]
    session.add_all(pictures)
    session.flush()
    for picture in pictures:
        fetch_picture.defer(session, picture_id=picture.id)


def _heeded(session: Session, contact: Contact, event: MessageArrived) -> bool:
    """Note who wants to be left alone, or written to again. True when the message was such a wish or asked for help."""
    wish = wish_in(event.text, event.opt_out)
    if wish is Wish.STOP:
        optouts.stop(session, contact.number, contact.workspace_id, at=event.at)
    elif wish is Wish.START:
        optouts.start(session, contact.number, contact.workspace_id, at=event.at)
    return wish is not None


def _answer_for_retiring(session: Session, conversation: Conversation, number: PhoneNumber) -> None:
    text = answer_for_retiring(session, conversation, number)
    if text:
        write(session, conversation, text, None, automatic=True)


def _checked(text: str) -> str:
    text = text.strip().replace("\0", "")
    if not text:
        raise Invalid({"text": ["Write something first."]})
    if len(text) > LONGEST_TEXT:
        raise Invalid({"text": [f"This is too long: at most {LONGEST_TEXT} characters fit into one message."]})
    return text


def _sender(session: Session, conversation: Conversation) -> PhoneNumber:
    contact = conversation.contact
    if not is_dialable(contact.number):
        raise Conflict("This sender takes no answers: it has no phone number.")
    if optouts.stopped(session, contact.number, contact.workspace_id):
        raise Conflict("They sent STOP and want no texts. They can write START to hear from you again.")
    number = outgoing_number(session, conversation.line_id)
    if number is None:
        raise Conflict("Your line has no number to text from yet.")
    return number


def _divided(happened: list[Message | Call]) -> list[Entry]:
    entries: list[Entry] = []
    used = ""
    for one in happened:
        if used not in {"", one.number}:
            entries.append(Entry(EntryKind.DIVIDER, one.at, Divider(used, one.number)))
        used = one.number
        entries.append(Entry(EntryKind.MESSAGE if isinstance(one, Message) else EntryKind.CALL, one.at, one))
    return entries
