"""Jobs of the cutover, and what follows when a number has come in."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from provisioning.contract.errors import Unavailable
from provisioning.contract.messaging import MessageStatus
from service.cutover import steps
from service.cutover.book import cutover_of, forget_steps, living_at
from service.inbox.models import Direction, Message
from service.lines.inventory import let_go, number_held
from service.lines.own_number import end_for
from service.porting.models import PortHistory, PortNumber
from service.porting.moves import follows
from service.porting.states import Effect
from service.queue import Lane, task
from service.services import Services


@task(Lane.CARRIER, lock="cutover:{port_number_id}", longest_wait=timedelta(minutes=1))
def advance_cutover(services: Services, *, port_number_id: int) -> None:
    """Do what can be done now for a number that is coming in or has come.

    What carriers answer is noted beside the step. Whatever else fails is tried again soon: nobody may reach the number.
    """
    steps.advance(services, port_number_id)


@task(Lane.CARRIER, lock="cutover:{port_number_id}")
def withdraw_texts(services: Services, *, port_number_id: int) -> None:
    """Take a number whose move was taken back out of our registration, unless it moves again by now."""
    with services.sessions.begin() as session:
        number = session.get_one(PortNumber, port_number_id)
        held = number_held(session, number.number)
        if held is None or not cutover_of(session, number).taken_back_at:
            return
        if _texts_are_leaving(session, held.number):
            raise Unavailable("texts are still leaving from the number")
        carrier, reference = living_at(services, number), held.reference
    services.network(carrier).messaging.withdraw(reference)


def _texts_are_leaving(session: Session, number: str) -> bool:
    """A text that was written before has this number as its sender, and would be refused without the registration."""
    waiting = (Message.number == number, Message.direction == Direction.OUT, Message.reference.is_(None))
    return bool(session.scalar(select(exists().where(*waiting, Message.status == MessageStatus.QUEUED))))


@task(Lane.CARRIER, lock="cutover:{port_number_id}")
def take_down(services: Services, *, port_number_id: int, reference: str) -> None:
    """Undo at the carrier what was set up for a number that it showed early, unless that has come after all."""
    with services.sessions() as session:
        number = session.get_one(PortNumber, port_number_id)
        if number_held(session, number.number):
            return
        carrier = living_at(services, number)
    network = services.network(carrier)
    network.messaging.withdraw(reference)
    network.emergency.forget(reference)


@follows(Effect.CUT_OVER)
def cut_over(session: Session, services: Services, happened: Sequence[PortHistory]) -> None:
    """The carrier says they are here: set each up."""
    for row in happened:
        advance_cutover.hurry(session, port_number_id=row.port_number_id)


@follows(Effect.LET_GO)
def stay_where_they_are(session: Session, services: Services, happened: Sequence[PortHistory]) -> None:
    """They do not come: calls show them no more, and one that the carrier showed early is no number of the line's."""
    end_for(session, [row.port_number.number for row in happened])
    for number in [row.port_number for row in happened]:
        early = let_go(session, number.project.line_id, number.number)
        if early:
            forget_steps(session, number)
            take_down.defer(session, port_number_id=number.id, reference=early.reference)
