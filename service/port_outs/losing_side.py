"""What another operator asks of a customer who takes a number away: it must match what our carrier has."""

from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.accounts.models import Workspace
from service.lines.models import PhoneNumber
from service.porting.models import PortNumber, PortProject
from service.registration.models import Business
from service.services import Services


@dataclass(frozen=True, slots=True)
class LosingSide:
    """The facts of one number; "" where we do not know one. `address` has a line for each element."""

    carrier: str
    account_number: str
    pin: str = field(repr=False)
    holder: str
    address: tuple[str, ...]


def losing_side(session: Session, services: Services, number: PhoneNumber) -> LosingSide:
    """The account at our carrier, and name and address as they were filed when the number came, or registered."""
    terms = services.network(number.carrier).port_out
    filed = _filed(session, number)
    if filed:
        holder, address = filed.subscriber_name, _address(filed)
    else:
        holder, address = _registered(session, number.line.workspace_id)
    pin = number.port_out_pin or terms.pin
    return LosingSide(number.carrier.capitalize(), terms.account_number, pin, holder, address)


def _filed(session: Session, number: PhoneNumber) -> PortProject | None:
    """The transfer by which a number came, None for one that we bought."""
    came = PortNumber.number == number.number, PortProject.workspace_id == number.line.workspace_id
    rows = select(PortProject).join(PortProject.numbers).where(*came, PortNumber.ported_at.is_not(None))
    return session.scalar(rows.order_by(PortNumber.ported_at.desc()).limit(1))


def _registered(session: Session, workspace_id: int) -> tuple[str, tuple[str, ...]]:
    business = session.scalar(select(Business).where(Business.workspace_id == workspace_id))
    if business and business.legal_name:
        return business.legal_name, _address(business)
    return session.get_one(Workspace, workspace_id).name, ()


def _address(place: PortProject | Business) -> tuple[str, ...]:
    town = f"{place.city}, {place.region} {place.postal_code}".strip(" ,")
    return tuple(line for line in (place.street, place.street2, town) if line)
