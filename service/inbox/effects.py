"""Messages out, each exactly once, and pictures in."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from provisioning.contract.errors import CarrierError, Conflict, Refused
from provisioning.contract.messaging import MessageStatus, OutgoingMessage, Trouble
from service import optouts
from service.inbox.links import link_to
from service.inbox.models import Message, Picture
from service.inbox.pictures import keep
from service.ledger.models import Effect, EffectKind
from service.ledger.performers import performs
from service.lines.models import PhoneNumber
from service.queue import Lane, task
from service.services import Services
from service.time import now


@dataclass(frozen=True, slots=True)
class Letter:
    """A message ready to go out. `stopped`: its recipient sent STOP after it was written."""

    message: Message
    pictures: tuple[Picture, ...]
    carrier: str
    recipient: str
    stopped: bool

    def addressed(self, services: Services, effect: Effect) -> OutgoingMessage:
        """As the carrier takes it. News of it comes back with the effect's id, even if the carrier's answer is lost."""
        status_url = f"{services.webhook(self.carrier, 'message-status')}?effect={effect.id}"
        media = tuple(link_to(services.settings, picture) for picture in self.pictures)
        return OutgoingMessage(self.message.number, self.recipient, self.message.text, status_url, media)


@performs(EffectKind.SEND_MESSAGE, Lane.NOTIFICATION)
class SendMessage:
    """Sends a message that somebody wrote in the inbox."""

    def prepare(self, session: Session, effect: Effect) -> Letter:
        """The message, and whether it is still welcome."""
        message = session.get_one(Message, effect.subject_id)
        to = message.conversation.contact
        stopped = optouts.stopped(session, to.number, to.workspace_id)
        return Letter(message, tuple(message.pictures), carrier_of(session, message.number), to.number, stopped)

    def call(self, services: Services, effect: Effect, prepared: Letter) -> str:
        """Hand it over, at whichever try, unless they want no texts by now."""
        if prepared.stopped:
            raise Refused("the person wants no texts", code=Trouble.OPTED_OUT)
        return services.network(prepared.carrier).messaging.send(prepared.addressed(services, effect)).reference

    def look(self, services: Services, effect: Effect, prepared: Letter) -> str | None:
        """Its status callback may have told already; else the same words between the same two that no row claims."""
        if prepared.message.reference:
            return prepared.message.reference
        outgoing = prepared.addressed(services, effect)
        sent = services.network(prepared.carrier).messaging.find(outgoing, prepared.message.at)
        with services.sessions() as session:
            ours = select(Message.reference).where(Message.reference.in_([one.reference for one in sent]))
            claimed = set(session.scalars(ours))
        return next((one.reference for one in sent if one.reference not in claimed), None)

    def settle(self, session: Session, services: Services, effect: Effect, reference: str) -> None:
        """Remember the carrier's id: the unique key that repeated news is known by."""
        session.get_one(Message, effect.subject_id).reference = reference

    def refuse(self, session: Session, services: Services, effect: Effect, error: CarrierError) -> None:
        """Show why it did not go out. A recipient whom the carrier blocks has sent STOP without our hearing it."""
        message = session.get_one(Message, effect.subject_id)
        trouble = _trouble(error)
        _fail(message, trouble)
        if trouble is Trouble.OPTED_OUT:
            blocked = message.conversation.contact
            optouts.stop(session, blocked.number, blocked.workspace_id)


@task(Lane.READING)
def fetch_picture(services: Services, *, picture_id: int) -> None:
    """Fetch our own copy of an attachment. What is not a picture, or too large, is kept as its address only."""
    with services.sessions() as session:
        picture = session.get_one(Picture, picture_id)
        carrier = carrier_of(session, session.get_one(Message, picture.message_id).number)
    if picture.fetched_at:
        return
    try:
        content = services.network(carrier).messaging.fetch_media(picture.source_url).content
    except (Refused, Conflict):
        content = b""
    kept = keep(services.media, content)
    with services.sessions.begin() as session:
        fetched = session.get_one(Picture, picture_id)
        fetched.fetched_at = now()
        session.get_one(Message, fetched.message_id).conversation.touch()
        if kept:
            fetched.media_type, fetched.media, fetched.thumbnail = kept.media_type, kept.media, kept.thumbnail


def carrier_of(session: Session, number: str) -> str:
    """Where a number of ours (E.164) lives, or lived before it was released."""
    lived = select(PhoneNumber.carrier).where(PhoneNumber.number == number).order_by(PhoneNumber.id.desc())
    return session.scalars(lived.limit(1)).one()


def _fail(message: Message, trouble: Trouble) -> None:
    message.status = MessageStatus.FAILED
    message.trouble = trouble
    message.conversation.touch()


def _trouble(error: CarrierError) -> Trouble:
    code = error.code if isinstance(error, Refused) else ""
    return Trouble(code) if code in set(Trouble) else Trouble.OTHER
