"""Numbers in our account at a carrier that are in no row of ours: adopted for a line, or given back."""

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from provisioning.contract.numbers import OwnedNumber
from service.errors import Conflict, NotFound
from service.lines.inventory import numbers_of
from service.lines.models import Line, PhoneNumber, Standing
from service.lines.texting import enrol_for_texts
from service.porting.models import PortNumber
from service.porting.states import FINAL
from service.services import Services
from service.time import now


def adopt_number(services: Services, carrier: str, number: str, line_id: int) -> None:
    """Adopt a number (E.164) as the temporary number of a line, and point its calls and texts at us.

    Raises:
        NotFound: the carrier has no such number in our account, or there is no such line.
        Conflict: the number is in a row of ours, or the line has a number or is owed one.
        CarrierError: the carrier did not route it; nothing was written.
    """
    owned = _stray(services, carrier, number)
    with services.sessions() as session:
        _wearing_none(session, line_id)
    services.network(carrier).numbers.apply_routing(owned.reference, services.routing(carrier))
    with services.sessions.begin() as session:
        adopted = PhoneNumber(
            line=_wearing_none(session, line_id),
            number=owned.number,
            standing=Standing.HELD,
            carrier=carrier,
            reference=owned.reference,
            held_at=now(),
            routed_at=now(),
        )
        session.add(adopted)
        session.flush()
        enrol_for_texts.defer(session, number_id=adopted.id)


def give_back_number(services: Services, carrier: str, number: str) -> None:
    """Give back a number (E.164) that is in no row of ours.

    Raises:
        NotFound: the carrier has no such number in our account.
        Conflict: it is in a row of ours, or it is the platform number.
        CarrierError: the carrier did not release it.
    """
    owned = _stray(services, carrier, number)
    network = services.network(carrier)
    network.messaging.withdraw(owned.reference)
    network.numbers.release(owned.reference)


def _stray(services: Services, carrier: str, number: str) -> OwnedNumber:
    with services.sessions() as session:
        if number in services.settings.platform_numbers or _is_known(session, number):
            raise Conflict(f"{number} is ours, and in a row.")
    owned = services.network(carrier).numbers.find(number)
    if owned is None:
        raise NotFound(f"{carrier} has no number {number} in our account.")
    return owned


def _is_known(session: Session, number: str) -> bool:
    worn = (PhoneNumber.number == number, PhoneNumber.standing.in_([Standing.WANTED, Standing.HELD]))
    coming = (PortNumber.number == number, PortNumber.order_id.is_not(None), PortNumber.state.not_in(FINAL))
    return bool(session.scalar(select(exists().where(*worn) | exists().where(*coming))))


def _wearing_none(session: Session, line_id: int) -> Line:
    line = session.get(Line, line_id, with_for_update=True)
    if line is None:
        raise NotFound(f"There is no line {line_id}.")
    if numbers_of(session, line_id):
        raise Conflict(f"Line {line_id} has a number, or is owed one.")
    return line
