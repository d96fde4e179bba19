"""Telling customers what happened: one row for each message and channel, worded when it happened, sent once."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any, Final

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from provisioning.contract.callbacks import MessageProgressed
from provisioning.contract.messaging import MessageStatus
from service.alerts import alert
from service.language import Language
from service.ledger.ledger import owe
from service.ledger.models import EntryKind, LedgerEntry
from service.notifications.channels import sms
from service.notifications.messages import Unwordable, facts_for, word
from service.notifications.models import Channel, Message, Notification
from service.optouts import stopped
from service.services import Services

SENDING: Final[Mapping[Channel, EntryKind]] = {
    Channel.SMS: EntryKind.SEND_TEXT,
    Channel.EMAIL: EntryKind.SEND_MAIL,
}
"""The entry that each channel's file performs."""


def tell(  # noqa: PLR0913 -- all by name: what is told, to whom, in which words
    session: Session,
    services: Services,
    *,
    project_id: int,
    message: Message,
    version: str,
    language: Language,
    number: str,
    email: str,
    facts: Mapping[str, Any],
) -> None:
    """Owe a message to a person over every way there is to reach them: `number` (E.164) and `email`, "" for none.

    `version` tells facts of the same kind apart; the same fact again is silent. `facts` are those of
    `messages.FACTS`. A message that cannot be worded, or that nobody can be sent, undoes nothing of what it was
    about: an operator is told.
    """
    told = {"project_id": project_id, "message": message, "version": version, "language": language}
    about = f"port_project:{project_id}"
    try:
        rows = [
            told | _worded(message, channel, language, facts) | {"channel": channel, "recipient": recipient}
            for channel, recipient in _ways(session, services, number, email)
        ]
    except Unwordable as error:
        alert(session, "message_not_worded", f"{about}:{message}", why=str(error))
        return
    if not rows:
        alert(session, "nobody_to_tell", about, message=message)
    for row in rows:
        _owe_once(session, row)


def progressed(session: Session, entry: LedgerEntry, event: MessageProgressed) -> None:
    """What the carrier says became of the text that this entry sent."""
    if event.status in {MessageStatus.UNDELIVERED, MessageStatus.FAILED}:
        sms.undelivered(session, session.get_one(Notification, entry.subject_id), event.trouble or "")


def _ways(session: Session, services: Services, number: str, email: str) -> Iterator[tuple[Channel, str]]:
    if number and services.settings.platform_number and not stopped(session, number):
        yield Channel.SMS, number
    if email:
        yield Channel.EMAIL, email


def _worded(message: Message, channel: Channel, language: Language, facts: Mapping[str, Any]) -> dict[str, Any]:
    return {"facts": facts_for(message, facts), "words": asdict(word(message, channel, language, facts))}


def _owe_once(session: Session, row: Mapping[str, Any]) -> None:
    fresh = session.scalar(insert(Notification).values(row).on_conflict_do_nothing().returning(Notification.id))
    if fresh is not None:
        owe(session, SENDING[row["channel"]], fresh)
