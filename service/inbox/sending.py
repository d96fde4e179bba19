"""Sending a message that a person wrote in the inbox, exactly once."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from provisioning.contract.errors import CarrierError, Refused
from provisioning.contract.messaging import MessageStatus, OutgoingMessage, Trouble
from service import optouts
from service.callback_addresses import addresses
from service.inbox.media_links import link_to
from service.inbox.models import Message, Picture
from service.ledger.models import LedgerEntry
from service.ledger.performer import Performer
from service.lines.inventory import carrier_holding
from service.services import Services


@dataclass(frozen=True, slots=True)
class ReadyMessage:
    """A message ready to go out. `stopped`: its recipient sent STOP after it was written."""

    message: Message
    pictures: tuple[Picture, ...]
    carrier: str
    recipient: str
    stopped: bool

    def addressed(self, services: Services, entry: LedgerEntry) -> OutgoingMessage:
        """As the carrier takes it. News of it comes back with the entry's tag, even if the carrier's answer is lost."""
        status_url = addresses(services, self.carrier).message_status(entry.tag)
        media = tuple(link_to(services.settings, picture) for picture in self.pictures)
        return OutgoingMessage(self.message.number, self.recipient, self.message.text, status_url, media)


class SendMessage(Performer[ReadyMessage]):
    """Sends a message that somebody wrote in the inbox."""

    def prepare(self, session: Session, entry: LedgerEntry) -> ReadyMessage:
        """The message, and whether it is still welcome."""
        message = session.get_one(Message, entry.subject_id)
        to = message.conversation.contact
        stopped = optouts.stopped(session, to.number, to.workspace_id)
        return ReadyMessage(
            message, tuple(message.pictures), carrier_holding(session, message.number), to.number, stopped
        )

    def call(self, services: Services, entry: LedgerEntry, prepared: ReadyMessage) -> str:
        """Hand it over, at whichever try, unless they want no texts by now."""
        if prepared.stopped:
            raise Refused("the person wants no texts", code=Trouble.OPTED_OUT)
        return services.network(prepared.carrier).messaging.send(prepared.addressed(services, entry)).reference

    def look(self, services: Services, entry: LedgerEntry, prepared: ReadyMessage) -> str | None:
        """Its status callback may have told already; else the same words between the same two that no row claims."""
        if prepared.message.reference:
            return prepared.message.reference
        outgoing = prepared.addressed(services, entry)
        sent = services.network(prepared.carrier).messaging.find(outgoing, prepared.message.at)
        with services.sessions() as session:
            ours = select(Message.reference).where(Message.reference.in_([one.reference for one in sent]))
            claimed = set(session.scalars(ours))
        return next((one.reference for one in sent if one.reference not in claimed), None)

    def settle(self, session: Session, services: Services, entry: LedgerEntry, reference: str) -> None:
        """Remember the carrier's id: the unique key that repeated news is known by."""
        session.get_one(Message, entry.subject_id).reference = reference

    def refuse(self, session: Session, services: Services, entry: LedgerEntry, error: CarrierError) -> None:
        """Show why it did not go out. A recipient whom the carrier blocks has sent STOP without our hearing it."""
        message = session.get_one(Message, entry.subject_id)
        trouble = _trouble(error)
        _fail(message, trouble)
        if trouble is Trouble.OPTED_OUT:
            blocked = message.conversation.contact
            optouts.stop(session, blocked.number, blocked.workspace_id)


def _fail(message: Message, trouble: Trouble) -> None:
    message.status = MessageStatus.FAILED
    message.trouble = trouble
    message.conversation.touch()


def _trouble(error: CarrierError) -> Trouble:
    code = error.code if isinstance(error, Refused) else ""
    return Trouble(code) if code in set(Trouble) else Trouble.OTHER
