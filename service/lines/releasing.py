"""Giving a number back to its carrier."""

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from service.lines.models import PhoneNumber, Standing
from service.queue import task
from service.services import Services
from service.time import now


def begin_release(session: Session, number: PhoneNumber) -> None:
    """Have a retiring number given back, whose row the caller holds locked. From here on it cannot serve again.

    So no move that is taken back in the meantime counts on it.
    """
    number.released_at = number.released_at or now()
    release_number.defer_once(session, number_id=number.id)


@task
def release_number(services: Services, *, number_id: int) -> None:
    """Give a number back for which that was decided (`begin_release`)."""
    with services.sessions() as session:
        number = session.get_one(PhoneNumber, number_id)
    if number.released_at is None or number.standing is not Standing.HELD:
        return
    network = services.network(number.carrier)
    network.messaging.withdraw(number.reference)
    network.numbers.release(number.reference)
    with services.sessions.begin() as session:
        released = session.get_one(PhoneNumber, number_id)
        released.standing = Standing.RELEASED
        released.released_at = now()


@task
def release_surplus(services: Services, *, carrier: str, reference: str) -> None:
    """Give back a number that was bought twice, unless a row of ours has it."""
    with services.sessions() as session:
        ours = exists().where(PhoneNumber.carrier == carrier, PhoneNumber.reference == reference)
        if session.scalar(select(ours)):
            return
    services.network(carrier).numbers.release(reference)
