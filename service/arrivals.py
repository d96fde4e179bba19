"""Incoming texts, from a callback or found at the carrier after a lost callback: both are handled here."""

from collections.abc import Iterable

from sqlalchemy import String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from provisioning.contract.callbacks import MessageArrived
from service.calls.hours import is_open
from service.cutover.proof import Leg, Proof, record_proof
from service.cutover.trials import is_trial
from service.db import Base, Key, Made
from service.inbox import receiving
from service.inbox.after_hours import answer_after_hours
from service.inbox.models import Message
from service.notifications import optouts
from service.porting.status_texts import answer_status, asks_for_status
from service.services import Services
from service.team_notices.models import TeamEvent
from service.team_notices.notify import notify_line
from service.time import now


class ProcessedText(Base):
    """A text that was handled and belongs to no conversation: one to our platform number, or a test of ours."""

    __tablename__ = "processed_texts"

    id: Mapped[Key]
    reference: Mapped[str] = mapped_column(String(64), unique=True)
    made_at: Mapped[Made]


def text_arrived(session: Session, services: Services, event: MessageArrived) -> None:
    """Handle a text once. A text to a platform number answers our notices; all others belong to a line.

    Raises:
        NotFound: no line holds the number yet. What the text proves about a port is stored all the same: commit.
    """
    if event.recipient in services.settings.platform_numbers:
        if event.reference not in taken_in(session, [event.reference]):
            session.add(ProcessedText(reference=event.reference))
            if not (asks_for_status(event.text) and answer_status(session, services, event)):
                optouts.receive(session, event)
        return
    trial = is_trial(session, services, event)
    if trial and event.reference not in taken_in(session, [event.reference]):
        session.add(ProcessedText(reference=event.reference))
    leg = Leg.PICTURES if event.media_urls else Leg.TEXTS
    record_proof(session, services, Proof(event.recipient, leg, event.reference, event.sender))
    message = None if trial else receiving.receive(session, event)
    if message:
        _follow(session, message)


def _follow(session: Session, message: Message) -> None:
    """Notify the team of a text, and answer it if the line is closed."""
    conversation = message.conversation
    notify_line(
        session,
        conversation.line_id,
        TeamEvent.TEXT,
        conversation_id=conversation.id,
        reference=f"message:{message.id}",
        who=conversation.contact.name or conversation.contact.number,
        words=message.text,
    )
    if not is_open(session, conversation.line, now()):
        answer_after_hours(session, message)


def taken_in(session: Session, references: Iterable[str]) -> set[str]:
    """Which of these texts (carrier's ids) we have handled."""
    named = list(references)
    in_threads = session.scalars(select(Message.reference).where(Message.reference.in_(named)))
    processed = session.scalars(select(ProcessedText.reference).where(ProcessedText.reference.in_(named)))
    return {*in_threads, *processed}
