"""A text comes in: by a callback, or found at the carrier because its callback never came. The same door for both."""

from collections.abc import Iterable

from sqlalchemy import String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from provisioning.contract.callbacks import MessageArrived
from service.cutover.proof import Leg, Sign, evidence
from service.cutover.trials import is_trial
from service.db import Base, Key, Made
from service.inbox import threads
from service.inbox.models import Message
from service.notifications import optouts
from service.services import Services


class Heard(Base):
    """A text to our own number, or a test of ours, by the carrier's reference: taken in without a conversation."""

    __tablename__ = "heard"

    id: Mapped[Key]
    reference: Mapped[str] = mapped_column(String(64), unique=True)
    made_at: Mapped[Made]


def text_arrived(session: Session, services: Services, event: MessageArrived) -> None:
    """Take a text in, once: one to our own number is about our notices, all others belong to a line.

    Raises:
        NotFound: no line holds the number yet; what it proves about a port is kept nevertheless.
    """
    if event.recipient == services.settings.platform_number:
        if event.reference not in taken_in(session, [event.reference]):
            session.add(Heard(reference=event.reference))
            optouts.heard(session, event)
        return
    trial = is_trial(session, services, event)
    if trial and event.reference not in taken_in(session, [event.reference]):
        session.add(Heard(reference=event.reference))
    leg = Leg.PICTURES if event.media_urls else Leg.TEXTS
    evidence(session, services, Sign(event.recipient, leg, event.reference, event.sender, trial))
    if not trial:
        threads.receive(session, event)


def taken_in(session: Session, references: Iterable[str]) -> set[str]:
    """Which of these texts we have."""
    named = list(references)
    in_threads = session.scalars(select(Message.reference).where(Message.reference.in_(named)))
    heard = session.scalars(select(Heard.reference).where(Heard.reference.in_(named)))
    return {*in_threads, *heard}
