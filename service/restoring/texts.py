"""Texts sent from our account that are in no row of ours: added to their conversations."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from provisioning.contract.messaging import LoggedMessage
from service.arrivals import ProcessedText
from service.audit.books import until_now
from service.audit.texts import strangers
from service.inbox.contacts import conversation_with
from service.inbox.models import Direction, Message
from service.lines.models import Line, PhoneNumber, Standing
from service.services import Services


def adopt_texts(services: Services, carrier: str, since: datetime) -> int:
    """Store every text sent since a time (aware) that is in no row of ours; how many.

    A text from a line's number is added to its conversation, without pictures and author. Of any other, such as a
    notice, only the reference is stored, so that the audit knows it.

    Raises:
        CarrierError: the carrier gave no answer; nothing was stored.
    """
    texts = strangers(services, carrier, until_now(since))
    with services.sessions.begin() as session:
        _keep(session, texts)
    return len(texts)


def _keep(session: Session, texts: Iterable[LoggedMessage]) -> None:
    for text in texts:
        line = session.scalar(
            select(Line)
            .join(PhoneNumber)
            .where(PhoneNumber.number == text.sender, PhoneNumber.standing == Standing.HELD)
        )
        session.add(_message(session, line, text) if line else ProcessedText(reference=text.reference))


def _message(session: Session, line: Line, text: LoggedMessage) -> Message:
    conversation = conversation_with(session, line, text.recipient)
    conversation.last_at = max(conversation.last_at, text.at)
    conversation.touch()
    return Message(
        conversation=conversation,
        direction=Direction.OUT,
        number=text.sender,
        text=text.text,
        reference=text.reference,
        status=text.status,
        trouble=text.trouble or "",
        at=text.at,
    )
