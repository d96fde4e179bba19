"""The text, in English, with which our porting desk disputes a request at the carrier."""

from sqlalchemy.orm import Session

from service.port_outs.losing_side import losing_side
from service.port_outs.models import PortOut
from service.services import Services


def dispute_text(session: Session, services: Services, port_out: PortOut) -> str:
    """What the carrier has to know, one fact on a line; unknown ones are left out."""
    number, terms = port_out.number, services.network(port_out.number.carrier).port_out
    ours = losing_side(session, services, number)
    facts = {
        "Dispute": "a port away that the customer did not authorize",
        "Number": number.number,
        "Asked for by": port_out.operator,
        "To leave on": port_out.leaves_on.isoformat() if port_out.leaves_on else "",
        "Customer": ours.holder,
        "Service address": ", ".join(ours.address),
        "To be disputed by": f"{port_out.made_at + terms.dispute_within:%Y-%m-%d %H:%M} UTC",
        "How": terms.disputing,
    }
    return "\n".join(f"{name}: {value}" for name, value in facts.items() if value)
