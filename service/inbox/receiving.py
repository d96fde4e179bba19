"""Incoming texts, and status callbacks of outgoing ones."""

from collections.abc import Iterable
from typing import Final

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from provisioning.contract.callbacks import MessageArrived, MessageProgressed
from provisioning.contract.messaging import Trouble
from service import optouts
from service.errors import NotFound
from service.inbox.consent import heed
from service.inbox.contacts import conversation_with
from service.inbox.fetching import fetch_picture
from service.inbox.handling import note_incoming
from service.inbox.models import Contact, Conversation, Direction, Message, Picture
from service.inbox.number_change import answer_for_retiring
from service.inbox.outside import publish_received, publish_status
from service.lines.inventory import held_last, note_use, number_held
from service.lines.models import PhoneNumber
from service.optout_words import wish_in
from service.time import now


def receive(session: Session, event: MessageArrived) -> Message | None:
    """Store a text or picture that came in in its conversation; None if it is stored already.

    Raises:
        NotFound: no line holds the number. A text to a ported number can come before our cutover: read it again later.
    """
    number = number_held(session, event.recipient)
    if number is None:
        raise NotFound("a text for a number that no line holds")
    conversation = conversation_with(session, number.line, event.sender)
    message = _kept(session, conversation, number, event)
    if message is None:
        return None
    _attach(session, message, event.media_urls)
    publish_received(session, message)
    if not _heeded(session, conversation.contact, event):
        answer_for_retiring(session, message, number)
    return message


def progress(session: Session, event: MessageProgressed, message_id: int | None = None) -> None:
    """Note the status of an outgoing message. Callbacks come in any order, so an earlier status is ignored.

    `message_id` is our own id if the callback carried it: the carrier's id may not be known to us yet.
    """
    ours = Message.id == message_id if message_id else Message.reference == event.reference
    message = session.scalar(select(Message).where(ours, Message.direction == Direction.OUT).with_for_update())
    if message is None:
        return
    message.reference = message.reference or event.reference
    if message.status is None or event.status.rank > message.status.rank:
        message.status = event.status
        message.trouble = event.trouble or ""
        message.conversation.touch()
        publish_status(session, message)
        if event.trouble is Trouble.OPTED_OUT:  # a STOP that only the carrier received counts for us too
            contact = message.conversation.contact
            shared = not held_last(session, message.number).pool
            optouts.stop_at_carrier(session, contact.number, contact.workspace_id, shared=shared)


_KEEP: Final = insert(Message).on_conflict_do_nothing(index_elements=[Message.reference]).returning(Message)


def _kept(session: Session, conversation: Conversation, number: PhoneNumber, event: MessageArrived) -> Message | None:
    """The new row, or None if a row with the carrier's id exists already."""
    row = {
        "conversation_id": conversation.id,
        "direction": Direction.IN,
        "number": number.number,
        "text": event.text.replace("\0", ""),
        "reference": event.reference,
        "at": event.at or now(),
    }
    message = session.scalar(_KEEP, row)
    if message:
        set_committed_value(message, "conversation", conversation)  # loaded already: it is not asked for again
        note_use(number)
        conversation.last_at = max(conversation.last_at, message.at)
        note_incoming(session, conversation)
    return message


def _attach(session: Session, message: Message, urls: Iterable[str]) -> None:
    pictures = [Picture(message_id=message.id, source_url=url) for url in urls]
    session.add_all(pictures)
    session.flush()
    for picture in pictures:
        fetch_picture.defer(session, picture_id=picture.id)


def _heeded(session: Session, contact: Contact, event: MessageArrived) -> bool:
    """Store a STOP or START. Returns whether the text was one of these keywords or HELP."""
    wish = wish_in(event.text, event.opt_out)
    heed(session, contact, wish, event.at)
    return wish is not None
