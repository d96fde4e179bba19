"""What became of a text from a ported number; asked of the carrier where nothing came back of a test text.

Callbacks are lost. A test text that nobody heard of again would keep its number from being done for ever.
"""

from datetime import timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from provisioning.contract.callbacks import MessageProgressed
from provisioning.contract.messaging import CannotTell, MessageStatus
from service.cutover.models import CutoverStep, StepName
from service.cutover.proof import Leg, Proof, record_proof
from service.cutover.sending_tests import note_undelivered, sending_test_of
from service.porting.models import PortNumber
from service.porting.states import State
from service.queue import task
from service.services import Services
from service.time import now

SILENCE: Final = timedelta(minutes=10)
"""Deliveries are usually told within seconds. After so long we ask, each minute until it is known."""


def note_result(session: Session, services: Services, event: MessageProgressed) -> None:
    """Note that a text from a number that was ported was delivered, or why it was not."""
    if event.status is MessageStatus.DELIVERED:
        record_proof(session, services, Proof(event.sender, Leg.SENDING, event.reference, event.recipient))
    elif event.status in {MessageStatus.UNDELIVERED, MessageStatus.FAILED}:
        note_undelivered(session, services, event)


def ask_for_results(session: Session) -> None:
    """Queue the question what became of each test text of which nothing was heard."""
    silent = (
        CutoverStep.name == StepName.PROVE_SENDING,
        CutoverStep.done_at.is_(None),
        CutoverStep.trouble == "",
        CutoverStep.tried_at <= now() - SILENCE,
    )
    rows = select(CutoverStep.port_number_id).join(PortNumber).where(PortNumber.state == State.PORTED, *silent)
    for number_id in session.scalars(rows.order_by(CutoverStep.id)):
        ask_for_result.defer_once(session, port_number_id=number_id)


@task
def ask_for_result(services: Services, *, port_number_id: int) -> None:
    """Look for the test text at the carrier, and note what became of it, if the carrier can tell."""
    with services.sessions() as session:
        test = sending_test_of(session, services, session.get_one(PortNumber, port_number_id))
    if test is None:  # taken back meanwhile
        return
    found = services.network(test.carrier).messaging.find(test.text, test.asked_at)
    if isinstance(found, CannotTell):
        return
    with services.sessions.begin() as session:
        for text in found:
            news = MessageProgressed(text.reference, text.status, text.trouble, test.text.sender, test.text.recipient)
            note_result(session, services, news)
