"""Having a carrier refuse a request: by its API where it has one, else by our porting desk."""

from typing import Final

from sqlalchemy.orm import Session

from provisioning.contract.errors import Conflict, Refused
from service.alerts import AlertKind, alert
from service.port_outs.dispute_text import dispute_text
from service.port_outs.models import PortOut, PortOutState
from service.queue import task
from service.services import Services
from service.time import now

REASON: Final = "Our customer, who holds this number, did not authorize this port and disputes it."
"""What the carrier is told: the one reason for which we refuse."""


def have_it_disputed(session: Session, services: Services, port_out: PortOut) -> None:
    """Note that a request is disputed, and have the carrier refuse it."""
    port_out.state, port_out.disputed_at = PortOutState.DISPUTED, now()
    if port_out.reference:
        refuse_at_carrier.defer_once(session, port_out_id=port_out.id)
    else:
        alert_desk(session, services, port_out)


@task
def refuse_at_carrier(services: Services, *, port_out_id: int) -> None:
    """Refuse a disputed request at its carrier. What it does not accept there, the desk has to dispute."""
    with services.sessions() as session:
        port_out = session.get_one(PortOut, port_out_id)
        carrier = port_out.number.carrier
    port_outs = services.network(carrier).port_outs
    if port_out.state is not PortOutState.DISPUTED or port_outs is None:
        return
    try:
        port_outs.refuse(port_out.reference, REASON)
    except (Conflict, Refused):
        with services.sessions.begin() as session:
            alert_desk(session, services, session.get_one(PortOut, port_out_id))


def alert_desk(session: Session, services: Services, port_out: PortOut) -> None:
    """Have our porting desk dispute a request, with the text for the carrier."""
    about, text = f"port_out:{port_out.id}", dispute_text(session, services, port_out)
    alert(session, AlertKind.PORT_OUT_DISPUTED, about, number=port_out.number.number, request=text)
