"""Texts, from the platform's own number through the carrier that it lives at."""

from dataclasses import dataclass, field

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from provisioning.contract.errors import CarrierError, Refused
from provisioning.contract.messaging import OutgoingMessage, Trouble
from service.alerts import alert
from service.callback_addresses import addresses
from service.ledger.models import LedgerEntry
from service.notifications.models import Channel, Notification
from service.optouts import stop, stopped
from service.services import Services
from service.time import now


@dataclass(frozen=True, slots=True)
class Text:
    """What is to be sent. `stopped`: the person sent STOP after it was owed."""

    notification: Notification = field(repr=False)
    stopped: bool


class Texting:
    """Sends the text of a notification exactly once."""

    def prepare(self, session: Session, entry: LedgerEntry) -> Text:
        """The frozen words, and whether they are still welcome."""
        told = session.get_one(Notification, entry.subject_id)
        return Text(told, stopped(session, told.recipient))

    def call(self, services: Services, entry: LedgerEntry, prepared: Text) -> str:
        """Hand the text to the carrier."""
        if prepared.stopped:
            raise Refused("the person wants no texts", code=Trouble.OPTED_OUT)
        messaging = services.network(services.home).messaging
        return messaging.send(_outgoing(services, entry, prepared.notification)).reference

    def look(self, services: Services, entry: LedgerEntry, prepared: Text) -> str | None:
        """The same words to the same person since the fact was told are this text."""
        told = prepared.notification
        found = services.network(services.home).messaging.find(_outgoing(services, entry, told), told.made_at)
        return found[-1].reference if found else None

    def settle(self, session: Session, services: Services, entry: LedgerEntry, reference: str) -> None:
        """Note when it went out."""
        session.get_one(Notification, entry.subject_id).sent_at = now()

    def refuse(self, session: Session, services: Services, entry: LedgerEntry, error: CarrierError) -> None:
        """Note why."""
        undelivered(session, session.get_one(Notification, entry.subject_id), str(getattr(error, "code", "")))


def undelivered(session: Session, told: Notification, trouble: str) -> None:
    """Note why a text did not arrive; the mail of the same fact carries it, and where there is none a person has to.

    Who told the carrier STOP has told us.
    """
    told.trouble = trouble or Trouble.OTHER
    if trouble == Trouble.OPTED_OUT:
        stop(session, told.recipient)
    if not _mailed_too(session, told):
        alert(session, "text_undelivered", f"notification:{told.id}", message=told.message, trouble=told.trouble)


def _mailed_too(session: Session, told: Notification) -> bool:
    same = (
        Notification.project_id == told.project_id,
        Notification.message == told.message,
        Notification.version == told.version,
        Notification.channel == Channel.EMAIL,
    )
    return bool(session.scalar(select(exists().where(*same))))


def _outgoing(services: Services, entry: LedgerEntry, told: Notification) -> OutgoingMessage:
    return OutgoingMessage(
        sender=services.settings.platform_number,
        recipient=told.recipient,
        text=told.words["text"],
        status_url=addresses(services, services.home).message_status(entry.tag),
    )
