"""Sending a message written in the inbox, exactly once."""

from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from provisioning.contract.callbacks import MessageProgressed
from provisioning.contract.errors import CarrierError, Refused
from provisioning.contract.messaging import CannotTell, MessageStatus, OutgoingMessage, Trouble
from service import optouts
from service.callback_addresses import addresses
from service.inbox.media_links import link_to
from service.inbox.models import Message, Picture
from service.inbox.outside import publish_status
from service.inbox.receiving import progress
from service.ledger.models import LedgerEntry
from service.ledger.performer import Performer
from service.lines.inventory import held_last
from service.notifications.gsm import segments
from service.services import Services
from service.spending.estimates import text_cost
from service.spending.expenses import correct
from service.spending.permission import Use, spend


@dataclass(frozen=True, slots=True)
class ReadyMessage:
    """A message of a workspace, ready to be sent. `stopped`: its recipient wants no texts."""

    message: Message
    pictures: tuple[Picture, ...]
    carrier: str
    pool: str
    recipient: str
    stopped: bool
    workspace_id: int

    def addressed(self, services: Services, entry: LedgerEntry) -> OutgoingMessage:
        """The message in the carrier's terms. The entry's tag in the callback address outlasts a lost answer."""
        return OutgoingMessage(
            sender=self.message.number,
            recipient=self.recipient,
            text=self.message.text,
            status_url=addresses(services, self.carrier).message_status(entry.tag),
            media_urls=tuple(link_to(services.settings, picture) for picture in self.pictures),
            pool=self.pool,
            tag=entry.tag,
        )

    def use(self, services: Services) -> Use:
        """What sending it takes."""
        prices = services.network(self.carrier).prices
        cost = text_cost(prices, self.recipient, segments(self.message.text), pictures=bool(self.pictures))
        return Use(self.workspace_id, self.message.number, (self.recipient,), cost, texts=1)


class SendMessage(Performer[ReadyMessage]):
    """Sends a message that a member wrote in the inbox."""

    def prepare(self, session: Session, entry: LedgerEntry) -> ReadyMessage:
        """Read the message, and whether its recipient has sent STOP since it was written."""
        message = session.get_one(Message, entry.subject_id)
        to = message.conversation.contact
        stopped = optouts.stopped(session, to.number, to.workspace_id)
        sender = held_last(session, message.number)
        pictures = tuple(message.pictures)
        return ReadyMessage(message, pictures, sender.carrier, sender.pool, to.number, stopped, to.workspace_id)

    def call(self, services: Services, entry: LedgerEntry, prepared: ReadyMessage) -> str:
        """Send it. Raises `Refused` if the recipient wants no texts by now, or the workspace may not send it."""
        if prepared.stopped:
            raise Refused("the person wants no texts", code=Trouble.OPTED_OUT)
        spend(services, entry, prepared.carrier, prepared.use(services))
        return services.network(prepared.carrier).messaging.send(prepared.addressed(services, entry)).reference

    def look(self, services: Services, entry: LedgerEntry, prepared: ReadyMessage) -> str | CannotTell | None:
        """The carrier's id: from a status callback if one came, else of an equal message that no row has.

        Its status is taken from the carrier too: callbacks that came before a restoration do not come again.
        """
        if prepared.message.reference:
            return prepared.message.reference
        outgoing = prepared.addressed(services, entry)
        asked_since = entry.asked_since(prepared.message.at)
        since = min(asked_since, entry.look_since or asked_since)
        sent = services.network(prepared.carrier).messaging.find(outgoing, since)
        if isinstance(sent, CannotTell):
            return sent
        with services.sessions.begin() as session:
            ours = select(Message.reference).where(Message.reference.in_([one.reference for one in sent]))
            claimed = set(session.scalars(ours))
            found = next((one for one in sent if one.reference not in claimed), None)
            if found:
                news = MessageProgressed(found.reference, found.status, found.trouble)
                progress(session, news, prepared.message.id)
        return found.reference if found else None

    def settle(self, session: Session, services: Services, entry: LedgerEntry, reference: str) -> None:
        """Store the carrier's id, by which status callbacks find the message."""
        session.get_one(Message, entry.subject_id).reference = reference

    def refuse(self, session: Session, services: Services, entry: LedgerEntry, error: CarrierError) -> None:
        """Show why it was not sent. If the carrier says that the recipient opted out, store a STOP."""
        message = session.get_one(Message, entry.subject_id)
        correct(session, entry.id, Decimal(0))
        trouble = _trouble(error)
        _fail(session, message, trouble)
        if trouble is Trouble.OPTED_OUT:
            blocked = message.conversation.contact
            shared = not held_last(session, message.number).pool
            optouts.stop_at_carrier(session, blocked.number, blocked.workspace_id, shared=shared)


def _fail(session: Session, message: Message, trouble: Trouble) -> None:
    message.status = MessageStatus.FAILED
    message.trouble = trouble
    message.conversation.touch()
    publish_status(session, message)


def _trouble(error: CarrierError) -> Trouble:
    code = error.code if isinstance(error, Refused) else ""
    return Trouble(code) if code in set(Trouble) else Trouble.OTHER
