"""Numbers of our account at a carrier that no row knows: put on a line, or given back."""

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
    """Put a number (E.164) that was bought for a line on it as its temporary one, and have it call us back.

    Raises:
        NotFound: the carrier has no such number in our account, or there is no such line.
        Conflict: a row of ours knows the number, or the line has one or is owed one.
        CarrierError: the carrier did not do it; nothing was written.
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
    """Give a number (E.164) back that no row of ours knows.

    Raises:
        NotFound: the carrier has no such number in our account.
        Conflict: a row of ours knows it, or our own texts leave from it.
        CarrierError: the carrier did not take it back.
    """
    owned = _stray(services, carrier, number)
    network = services.network(carrier)
    network.messaging.withdraw(owned.reference)
    network.numbers.release(owned.reference)


def _stray(services: Services, carrier: str, number: str) -> OwnedNumber:
    with services.sessions() as session:
        if number == services.settings.platform_number or _is_known(session, number):
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
