"""Orders that a carrier makes out of one of ours after it was filed, as when its numbers are at two operators."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from provisioning.contract.porting import OrderSnapshot
from service.porting.models import CarrierOrder, PortNumber, PortProject


def order_split_off(session: Session, carrier: str, snapshot: OrderSnapshot) -> CarrierOrder | None:
    """Store an order whose numbers were in another order of ours with that carrier; None if they were not.

    It bears our reference of the filing. Numbers without an order are just being filed, and settling that stores it.
    """
    project, _, _ = snapshot.filing.rpartition("-")
    filed = (
        select(PortNumber)
        .join(PortNumber.project)
        .join(PortNumber.order)
        .where(
            PortProject.public_id == project,
            CarrierOrder.carrier == carrier,
            PortNumber.number.in_([said.number for said in snapshot.numbers]),
        )
    )
    number = session.scalars(filed.order_by(PortNumber.id).limit(1)).first()
    if number is None:
        return None
    order = CarrierOrder(attempt_id=number.attempt_id, carrier=carrier, reference=snapshot.reference)
    session.add(order)
    session.flush()
    return order
