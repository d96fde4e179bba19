"""Orders at a carrier that are in no row of ours: attached to the draft that they were filed for, or canceled."""

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
    """Submit the draft that an order was filed for, and attach the order instead of filing again.

    The carrier is asked what has become of the order meanwhile.

    Raises:
        NotFound: the carrier has no such order, or there is no such port.
        Conflict: the order is in a row of ours, or the port is of other numbers, another customer or another carrier.
        Invalid: the draft is incomplete. Once the customer completes and submits it, the order is found.
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
    """Cancel an order that is in no row of ours; the carrier's answer.

    Raises:
        NotFound: the carrier has no such order.
        Conflict: it is in a row of ours.
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
    filed_for_it = order.filing.rpartition("-")[0] == project.public_id
    if not filed_for_it and not order.goes_to([project.authorized_email, project.contact_email]):
        raise Conflict("The order's letter and its copies go to another address than the port names.")
