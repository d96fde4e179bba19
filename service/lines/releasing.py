"""Releasing a number at its carrier."""

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from service.lines.models import PhoneNumber, Standing
from service.queue import task
from service.services import Services
from service.time import now


def begin_release(session: Session, number: PhoneNumber) -> None:
    """Begin to release a number; its row has to be locked. From now on it cannot become temporary again.

    So a cutover that is taken back in the meantime does not rely on it.
    """
    number.released_at = number.released_at or now()
    release_number.defer_once(session, number_id=number.id)


@task
def release_number(services: Services, *, number_id: int) -> None:
    """Release a number at its carrier, if `begin_release` was called for it."""
    with services.sessions() as session:
        number = session.get_one(PhoneNumber, number_id)
    if number.released_at is None or number.standing is not Standing.HELD:
        return
    network = services.network(number.carrier)
    network.messaging.withdraw(number.reference, number.pool)
    network.numbers.release(number.reference)
    with services.sessions.begin() as session:
        released = session.get_one(PhoneNumber, number_id)
        released.standing, released.port_out_pin = Standing.RELEASED, None
        released.released_at = now()


@task
def release_surplus(services: Services, *, carrier: str, reference: str) -> None:
    """Give back a number that was bought twice, if it is at this carrier and no row of ours has it."""
    with services.sessions() as session:
        ours = exists().where(PhoneNumber.carrier == carrier, PhoneNumber.reference == reference)
        if session.scalar(select(ours)):
            return
    numbers = services.network(carrier).numbers
    if any(owned.reference == reference for owned in numbers.owned()):
        numbers.release(reference)
