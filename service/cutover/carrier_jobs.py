"""Jobs of the cutover: advancing it, and undoing at the carrier what was set up."""

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from provisioning.contract.errors import Unavailable
from provisioning.contract.messaging import MessageStatus
from service.cutover import steps
from service.cutover.rows import cutover_of, destination_carrier
from service.inbox.models import Direction, Message
from service.lines.inventory import number_held
from service.lines.pools import pool_for
from service.porting.models import PortNumber
from service.queue import task
from service.services import Services


@task
def advance_cutover(services: Services, *, port_number_id: int) -> None:
    """Do every step that is possible now for a number that is about to be ported or is ported.

    A carrier's error is noted at its step. After any other error the job is tried again soon.
    """
    steps.advance(services, port_number_id)


@task
def withdraw_texts(services: Services, *, port_number_id: int) -> None:
    """Remove a number that is to be sent back from our registration, unless it was cut over again meanwhile."""
    with services.sessions.begin() as session:
        number = session.get_one(PortNumber, port_number_id)
        held = number_held(session, number.number)
        if held is None or not cutover_of(session, number).snapback_at:
            return
        if texts_are_leaving(session, held.number):
            raise Unavailable("texts are still leaving from the number")
        carrier = destination_carrier(services, number)
    services.network(carrier).messaging.withdraw(held.reference, held.pool)


def texts_are_leaving(session: Session, number: str) -> bool:
    """Whether texts from this number are still queued: without the registration the carrier would refuse them."""
    waiting = (Message.number == number, Message.direction == Direction.OUT, Message.reference.is_(None))
    return bool(session.scalar(select(exists().where(*waiting, Message.status == MessageStatus.QUEUED))))


@task
def take_down(services: Services, *, port_number_id: int, reference: str) -> None:
    """Undo at the carrier what was set up early for a number, unless the number was ported after all."""
    with services.sessions() as session:
        number = session.get_one(PortNumber, port_number_id)
        if number_held(session, number.number):
            return
        carrier = destination_carrier(services, number)
        pool = pool_for(session, services, number.project.workspace_id)
    network = services.network(carrier)
    if pool is not None:
        network.messaging.withdraw(reference, pool)
    if network.emergency:
        network.emergency.forget(reference)
