"""Writing texts: to be sent now or later, and canceled while they have not been sent."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from provisioning.contract.messaging import MediaLimits, MessageStatus, Trouble
from service import optouts
from service.accounts.models import Workspace
from service.errors import Conflict, Invalid
from service.inbox.introduction import introduced, with_introduction
from service.inbox.models import Conversation, Direction, Message, Picture
from service.inbox.pictures import KeptPicture
from service.ledger.ledger import call_off, owe
from service.ledger.models import EntryKind
from service.ledger.restorations import forgotten_since
from service.lines.inventory import moving_number, outgoing_number
from service.lines.leaving import MOVED_AWAY, has_left
from service.lines.models import PhoneNumber
from service.phone_numbers import is_dialable
from service.registration.pools import awaits_registration
from service.services import Services
from service.time import now

LONGEST_TEXT: Final = 1600
"""Most characters of a text that carriers accept."""

FARTHEST: Final = timedelta(days=365)
"""How far ahead a text may be scheduled."""


_STOPPED: Final = "They sent STOP and want no texts. They can write START to hear from you again."
_UNREGISTERED: Final = "Texts start once carriers have approved your business. Calls and incoming texts work already."
_NOTED: Final = "Your team noted that they want no texts. They can write START to hear from you again."


class Overtaken(Conflict):
    """Another member has answered since the author of this answer loaded the page."""

    def __init__(self, message: Message) -> None:
        self.message_id = message.id
        self.author_id = message.author_id
        super().__init__("Someone has already answered.")


def write(
    session: Session,
    conversation: Conversation,
    text: str,
    author_id: int | None,
    *,
    automatic: bool = False,
    pictures: Sequence[KeptPicture] = (),
    wait: timedelta = timedelta(),
) -> Message:
    """Write a text to the contact; it is sent soon after the commit, or after `wait` (real time), exactly once.

    While the line's number moves between pools, it is kept and sent once that is over.

    Raises:
        Invalid: the text is empty or too long.
        Conflict: the contact sent STOP or has no phone number, or the line has no number to text from yet.
    """
    message = _written(session, conversation, text, author_id, pictures)
    message.automatic = automatic
    conversation.last_at = message.at
    if outgoing_number(session, conversation.line_id) is None:
        message.leaves_at = message.at
        return message
    message.status = MessageStatus.QUEUED
    # a person writes anew; an automatic answer may be to a text that was answered before the database was restored
    look_since = forgotten_since(session) if automatic else None
    owe(session, EntryKind.SEND_MESSAGE, message.id, after=wait, look_since=look_since)
    return message


def schedule(
    session: Session,
    conversation: Conversation,
    text: str,
    author_id: int | None,
    leaves_at: datetime,
    pictures: Sequence[KeptPicture] = (),
) -> Message:
    """Schedule a text for a moment (aware) within a year; until then it can be canceled. Raises as `write` does."""
    if not now() < leaves_at <= now() + FARTHEST:
        raise Invalid({"leaves_at": ["Choose a time that is still to come, within a year."]})
    message = _written(session, conversation, text, author_id, pictures)
    message.leaves_at = leaves_at
    conversation.touch()
    return message


def send_due(session: Session) -> None:
    """Send the scheduled texts that are due, from the number that the line texts from now."""
    due = (
        select(Message).where(Message.leaves_at <= now()).order_by(Message.leaves_at).with_for_update(skip_locked=True)
    )
    for message in session.scalars(due):
        number = outgoing_number(session, message.conversation.line_id)
        if number is None and moving_number(session, message.conversation.line_id):
            continue
        message.leaves_at = None
        message.conversation.last_at = message.at = now()
        if number is None:
            message.status, message.trouble = MessageStatus.FAILED, Trouble.SENDER_NOT_READY
        else:
            message.status, message.number = MessageStatus.QUEUED, number.number
            owe(session, EntryKind.SEND_MESSAGE, message.id, look_since=forgotten_since(session))


def cancel_unsent(session: Session, message: Message) -> list[str]:
    """Cancel a text that has not been sent. Returns the names of its pictures in the media, to be deleted there.

    Raises:
        Conflict: it has been sent or is being sent.
    """
    session.flush()
    session.refresh(message, with_for_update=True)
    if message.leaves_at is None and not call_off(session, EntryKind.SEND_MESSAGE, message.id):
        raise Conflict("It has already left.")
    orphans = [name for picture in message.pictures for name in (picture.media, picture.thumbnail)]
    for picture in message.pictures:
        session.delete(picture)
    message.conversation.touch()
    session.delete(message)
    return orphans


def must_be_up_to_date(session: Session, conversation: Conversation, seen: int, text: str, author_id: int) -> bool:
    """Lock the conversation for an answer, written when `seen` was the id of our latest message in it.

    Returns True if the same person's same answer is stored already, because a form was sent twice.

    Raises:
        Overtaken: another member has answered since.
    """
    session.flush()
    session.refresh(conversation, with_for_update=True)
    since = (
        Message.conversation_id == conversation.id,
        Message.direction == Direction.OUT,
        Message.id > seen,
        Message.automatic.is_(False),
    )
    answers = list(session.scalars(select(Message).where(*since).order_by(Message.id.desc()).limit(20)))
    if any(one.author_id == author_id and one.text in _as_written(session, conversation, text) for one in answers):
        return True
    for one in answers:
        if one.author_id != author_id and one.leaves_at is None:
            raise Overtaken(one)
    return False


def latest_answer(session: Session, conversation: Conversation) -> int:
    """The id of our latest message in a conversation; 0 if there is none."""
    ours = Message.conversation_id == conversation.id, Message.direction == Direction.OUT
    return session.scalar(select(Message.id).where(*ours).order_by(Message.id.desc()).limit(1)) or 0


def picture_limits(services: Services, sender: PhoneNumber | None, recipient: str) -> MediaLimits:
    """How many pictures, of what size, a text to a number (E.164) may have."""
    if sender is None:
        return MediaLimits(0, 0)
    return services.network(sender.carrier).messaging.media_limits(sender.number, recipient)


def texting_refusal(session: Session, conversation: Conversation, sender: PhoneNumber | None) -> str:
    """Why the contact cannot be texted from the line's number, as a sentence; "" if they can."""
    try:
        _may_write(session, conversation, sender)
    except Conflict as refusal:
        return str(refusal)
    return ""


def _written(
    session: Session, conversation: Conversation, text: str, author_id: int | None, pictures: Sequence[KeptPicture]
) -> Message:
    text = _checked(introduced(session, conversation, _checked(text, pictures)), pictures)
    sender = outgoing_number(session, conversation.line_id) or moving_number(session, conversation.line_id)
    number = _may_write(session, conversation, sender)
    message = Message(
        conversation=conversation, direction=Direction.OUT, number=number.number, text=text, author_id=author_id
    )
    message.pictures = [Picture(source_url="", fetched_at=now(), **asdict(one)) for one in pictures]
    session.add(message)
    session.flush()
    return message


def _as_written(session: Session, conversation: Conversation, text: str) -> tuple[str, str]:
    """A text as it was kept: alone, or as the first one to its reader."""
    alone, line = text.strip().replace("\r\n", "\n"), conversation.line
    return alone, with_introduction(alone, session.get_one(Workspace, line.workspace_id).name, line.language)


def _checked(text: str, pictures: Sequence[KeptPicture]) -> str:
    text = text.strip().replace("\0", "").replace("\r\n", "\n")
    if not text and not pictures:
        raise Invalid({"text": ["Write something first."]})
    if len(text) > LONGEST_TEXT:
        raise Invalid({"text": ["This is too long for one message. Send it as two."]})
    return text


def _may_write(session: Session, conversation: Conversation, sender: PhoneNumber | None) -> PhoneNumber:
    contact = conversation.contact
    if not is_dialable(contact.number):
        raise Conflict("This sender takes no answers: it has no phone number.")
    last = optouts.last_word(session, contact.number, contact.workspace_id)
    if last and not last.lifted:
        raise Conflict(_NOTED if last.by_team else _STOPPED)
    if sender is None:
        raise Conflict(_without_number(session, conversation))
    return sender


def _without_number(session: Session, conversation: Conversation) -> str:
    """Why no number of the line can text."""
    if has_left(session, conversation.line_id):
        return MOVED_AWAY
    waits = awaits_registration(session, conversation.contact.workspace_id)
    return _UNREGISTERED if waits else "Your line has no number to text from yet."
