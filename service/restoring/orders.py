"""Orders at a carrier that no row knows: put on the port that they were filed for, or canceled."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from provisioning.contract.errors import NotFound as NotAtCarrier
from provisioning.contract.porting import CancelAnswer, OrderSnapshot
from service.errors import Conflict, NotFound
from service.ledger.ledger import adopt
from service.ledger.models import EntryKind
from service.porting import projects
from service.porting.models import CarrierOrder, PortProject
from service.porting.queries import project_named
from service.services import Services


def adopt_order(services: Services, carrier: str, reference: str, public_id: str) -> None:
    """Put an order on the draft that it was filed for, as if the customer had sent the draft once more.

    What became of the order meanwhile is learned from the carrier.

    Raises:
        NotFound: the carrier has no such order, or there is no such port.
        Conflict: a row of ours knows the order, or the port is about other numbers or has another carrier.
        Invalid: the draft lacks something; the customer completes and sends it, and the order is found by itself.
        IllegalTransition: the port is no draft.
        CarrierError: the carrier gave no answer.
    """
    order = _stray(services, carrier, reference)
    with services.sessions.begin() as session:
        project = project_named(session, public_id)
        _must_fit(project, carrier, order)
        projects.submit(session, services, project)
        attempt = next(attempt for attempt in project.attempts if attempt.carrier == carrier)
        adopt(session, services, EntryKind.FILE_PORT, attempt.id, order.reference)


def cancel_order(services: Services, carrier: str, reference: str) -> CancelAnswer:
    """Cancel an order that no row of ours knows; what the carrier says to that.

    Raises:
        NotFound: the carrier has no such order.
        Conflict: a row of ours knows it.
        CarrierError: the carrier gave no answer.
    """
    order = _stray(services, carrier, reference)
    return services.carriers[carrier].porting.cancel(order.reference)


def _stray(services: Services, carrier: str, reference: str) -> OrderSnapshot:
    with services.sessions() as session:
        if _is_known(session, carrier, reference):
            raise Conflict(f"Order {reference} is ours, and in a row.")
    try:
        return services.carriers[carrier].porting.fetch(reference)
    except NotAtCarrier:
        raise NotFound(f"{carrier} has no order {reference}.") from None


def _is_known(session: Session, carrier: str, reference: str) -> bool:
    named = (CarrierOrder.carrier == carrier, CarrierOrder.reference == reference)
    return session.scalar(select(CarrierOrder.id).where(*named)) is not None


def _must_fit(project: PortProject, carrier: str, order: OrderSnapshot) -> None:
    there = {number.number for number in order.numbers}
    here = {number.number for number in project.numbers if number.carrier == carrier}
    if there != here:
        raise Conflict("The port is about other numbers, or goes by another carrier.")
