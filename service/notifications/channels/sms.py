"""Texts, from a number of the platform's own through the carrier that it lives at."""

from dataclasses import dataclass, field
from decimal import Decimal

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from provisioning.contract.callbacks import MessageProgressed
from provisioning.contract.errors import CarrierError, Refused
from provisioning.contract.messaging import CannotTell, MessageStatus, OutgoingMessage, Trouble
from service.alerts import AlertKind, alert
from service.callback_addresses import addresses
from service.ledger.models import EntryKind, LedgerEntry
from service.ledger.performer import Performer
from service.notifications.gsm import segments
from service.notifications.models import Channel, Notification
from service.optouts import stop_at_carrier, stopped
from service.own_texts import leave_by
from service.services import Services
from service.spending.estimates import text_cost
from service.spending.expenses import correct
from service.spending.permission import Use, spend
from service.time import now


@dataclass(frozen=True, slots=True)
class Text:
    """A text to send. `stopped` is true when the person sent STOP after it was owed."""

    notification: Notification = field(repr=False)
    stopped: bool


class Texting(Performer[Text]):
    """Sends the text of a notification exactly once."""

    def prepare(self, session: Session, entry: LedgerEntry) -> Text:
        """The words kept in the row, and whether the person has sent STOP since."""
        notification = session.get_one(Notification, entry.subject_id)
        return Text(notification, stopped(session, notification.recipient))

    def call(self, services: Services, entry: LedgerEntry, prepared: Text) -> str:
        """Hand the text to the carrier."""
        if prepared.stopped:
            raise Refused("the person wants no texts", code=Trouble.OPTED_OUT)
        carrier = leave_by(services, entry, Notification)
        if use := _use(services, prepared.notification, carrier):
            spend(services, entry, carrier, use)
        messaging = services.network(carrier).messaging
        return messaging.send(_outgoing(services, entry, prepared.notification, carrier)).reference

    def look(self, services: Services, entry: LedgerEntry, prepared: Text) -> str | CannotTell | None:
        """The carrier's id from a status callback, if one came.

        Else a text of the same words to the same person since it was owed is this text, unless it is another entry's.
        """
        if entry.reference:
            return entry.reference
        owed = prepared.notification
        asked_since = entry.asked_since(owed.made_at)
        since = min(asked_since, entry.look_since or asked_since)
        carrier = owed.carrier or services.home
        found = services.network(carrier).messaging.find(_outgoing(services, entry, owed, carrier), since)
        if isinstance(found, CannotTell):
            return found
        sent = [one.reference for one in found]
        with services.sessions() as session:
            others = (LedgerEntry.kind == EntryKind.SEND_TEXT, LedgerEntry.reference.in_(sent))
            claimed = set(session.scalars(select(LedgerEntry.reference).where(*others, LedgerEntry.id != entry.id)))
        return next((reference for reference in reversed(sent) if reference not in claimed), None)

    def settle(self, session: Session, services: Services, entry: LedgerEntry, reference: str) -> None:
        """Note when it was sent."""
        session.get_one(Notification, entry.subject_id).sent_at = now()

    def refuse(self, session: Session, services: Services, entry: LedgerEntry, error: CarrierError) -> None:
        """Note why it was refused."""
        correct(session, entry.id, Decimal(0))
        _undelivered(session, session.get_one(Notification, entry.subject_id), str(getattr(error, "code", "")))


def progressed(session: Session, entry: LedgerEntry, event: MessageProgressed) -> None:
    """Take in a status callback for the text that this entry sent; it stands for an answer that was lost."""
    entry.reference = entry.reference or event.reference
    if event.status in {MessageStatus.UNDELIVERED, MessageStatus.FAILED}:
        _undelivered(session, session.get_one(Notification, entry.subject_id), event.trouble or "")


def _undelivered(session: Session, notification: Notification, trouble: str) -> None:
    """Note why a text was not delivered, and alert an operator where no e-mail carries the same notice.

    A STOP that only the carrier knew of is kept.
    """
    notification.trouble = trouble or Trouble.OTHER
    if trouble == Trouble.OPTED_OUT:
        stop_at_carrier(session, notification.recipient, shared=True)
    if not _mailed_too(session, notification):
        alert(
            session,
            AlertKind.TEXT_UNDELIVERED,
            f"notification:{notification.id}",
            notice=notification.kind,
            trouble=notification.trouble,
        )


def _mailed_too(session: Session, notification: Notification) -> bool:
    same = (
        Notification.project_id.is_not_distinct_from(notification.project_id),
        Notification.workspace_id.is_not_distinct_from(notification.workspace_id),
        Notification.kind == notification.kind,
        Notification.version == notification.version,
        Notification.channel == Channel.EMAIL,
    )
    return bool(session.scalar(select(exists().where(*same))))


def _use(services: Services, notification: Notification, carrier: str) -> Use | None:
    """What sending it takes; None for a notice of a version before, which did not say whose it is."""
    if notification.workspace_id is None:
        return None
    length = segments(notification.words["text"])
    cost = text_cost(services.network(carrier).prices, notification.recipient, length)
    return Use(notification.workspace_id, services.platform_number(carrier), (notification.recipient,), cost)


def _outgoing(services: Services, entry: LedgerEntry, notification: Notification, carrier: str) -> OutgoingMessage:
    return OutgoingMessage(
        sender=services.platform_number(carrier),
        recipient=notification.recipient,
        text=notification.words["text"],
        status_url=addresses(services, carrier).message_status(entry.tag),
        tag=entry.tag,
    )
