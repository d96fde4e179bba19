"""Telling programs outside of texts and calls: ids, numbers and states, never what was said."""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy.orm import Session

from provisioning.contract.messaging import MessageStatus
from service.events.models import EventKind
from service.events.publishing import Event, publish
from service.inbox.models import Call, Message

_OF_STATUS: Final[Mapping[MessageStatus, EventKind]] = {
    MessageStatus.SENT: EventKind.TEXT_SENT,
    MessageStatus.DELIVERED: EventKind.TEXT_DELIVERED,
    MessageStatus.UNDELIVERED: EventKind.TEXT_FAILED,
    MessageStatus.FAILED: EventKind.TEXT_FAILED,
}


def publish_received(session: Session, message: Message) -> None:
    """Tell that a text came in."""
    _publish(session, EventKind.TEXT_RECEIVED, message)


def publish_status(session: Session, message: Message) -> None:
    """Tell that a text was sent, delivered, or failed; nothing of one that still waits."""
    kind = _OF_STATUS.get(message.status) if message.status else None
    if kind:
        _publish(session, kind, message, status=message.status, trouble=message.trouble)


def publish_ended(session: Session, call: Call) -> None:
    """Tell that a call has ended. What became of it may be known a moment later, so programs fetch it."""
    _publish(session, EventKind.CALL_ENDED, call, seconds=call.seconds)


def publish_voicemail(session: Session, call: Call) -> None:
    """Tell that a caller left a voicemail."""
    _publish(session, EventKind.VOICEMAIL_RECEIVED, call, seconds=call.voicemail_seconds)


def conversation_sequence(conversation_id: int) -> str:
    """The sequence of the events of a conversation."""
    return f"conversation:{conversation_id}"


def _publish(session: Session, kind: EventKind, row: Message | Call, **more: Any) -> None:  # noqa: ANN401 -- JSON
    talk = row.conversation
    data = {
        "id": row.id,
        "conversation_id": talk.id,
        "line_id": talk.line_id,
        "direction": row.direction,
        "our_number": row.number,
        "their_number": talk.contact.number,
    }
    publish(session, talk.contact.workspace_id, [Event(kind, conversation_sequence(talk.id), row.id, data | more)])
