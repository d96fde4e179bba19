"""Snapback: within a day of a port, carriers return the number to the old operator on request."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.orm import Session

from service.accounts.change_log import Action, note
from service.alerts import AlertKind, alert
from service.cutover.carrier_jobs import withdraw_texts
from service.cutover.rows import cutover_of, destination_carrier
from service.cutover.undo import take_back
from service.errors import Conflict
from service.porting.models import Cause, PortNumber
from service.porting.states import Fact, State
from service.porting.transitions import transition
from service.queue import task
from service.services import Services
from service.time import now

OPEN_FOR: Final = timedelta(hours=24)
"""How long carriers undo a port on request. Later the old operator has to port the number in."""


def open_until(number: PortNumber) -> datetime | None:
    """Until when a number that has arrived can be sent back on request (aware UTC); None while it has not arrived."""
    if number.state not in {State.PORTED, State.LIVE} or number.ported_at is None:
        return None
    return number.ported_at + OPEN_FOR


def request_text(number: PortNumber) -> str:
    """The snapback request to our carrier, in English and filled in; the porting desk sends it."""
    project, order = number.project, number.order
    ported = number.ported_at.strftime("%Y-%m-%d %H:%M UTC") if number.ported_at else "unknown"
    return "\n".join(
        [
            "Request: snapback of a number that was ported in (within 24 hours of activation)",
            f"Number: {number.number}",
            f"Port order: {order.reference if order else 'unknown'}",
            f"Support ticket of the order: {order.support_ticket or 'none' if order else 'none'}",
            f"Ported at: {ported}",
            f"Subscriber: {project.subscriber_name}",
            f"Authorized by: {project.authorized_person}",
            "Please return the number to the losing carrier and confirm the time.",
        ]
    )


def ask(session: Session, services: Services, number: PortNumber, cause: Cause) -> None:
    """Hand the filled-in request to the porting desk, once, and take the cutover back.

    So the temporary number serves already when the ported one leaves, and is kept while the request is open. The
    registration for texts is given up: while it stands, the old operator cannot register the number for its own texts.

    Raises:
        Conflict: the number is not ported, the day is over, or the request was made already.
    """
    session.refresh(number, with_for_update=True)
    until, cutover = open_until(number), cutover_of(session, number)
    if until is None or now() > until:
        raise Conflict(
            "It’s too late to return it on request. Your old provider can transfer it back like any other number."
        )
    if cutover.snapback_at:
        raise Conflict("We’ve already asked for it.")
    if not cutover.taken_back_at:
        take_back(session, services, number, cause)
    cutover.snapback_at = now()
    withdraw_texts.defer(session, port_number_id=number.id)
    alert(session, AlertKind.SNAPBACK_WANTED, f"port_number:{number.id}", request=request_text(number))


def confirm(session: Session, number: PortNumber) -> None:
    """Have the carrier asked whether the number is gone, as our porting desk says.

    Raises:
        Conflict: its return was not asked for, or is known already.
    """
    session.refresh(number, with_for_update=True)
    if not _is_waited_for(session, number):
        raise Conflict("No return was requested for this number.")
    check_return.defer_once(session, port_number_id=number.id)


@task
def check_return(services: Services, *, port_number_id: int) -> None:
    """Ask the carrier. A number that it still shows stays where it is, and our porting desk is alerted."""
    with services.sessions() as session:
        number = session.get_one(PortNumber, port_number_id)
        carrier = destination_carrier(services, number)
    still_here = not services.network(carrier).numbers.is_gone(number.number)
    with services.sessions.begin() as session:
        number = session.get_one(PortNumber, port_number_id, with_for_update=True)
        if still_here:
            alert(session, AlertKind.NUMBER_STILL_HERE, f"port_number:{port_number_id}", carrier=carrier)
        elif _is_waited_for(session, number):
            transition(session, services, number, Fact.RETURNED, Cause.STAFF)
            _log_return(session, number)


def _log_return(session: Session, number: PortNumber) -> None:
    here, action = number.project.workspace_id, Action.NUMBER_RETURNED
    note(session, workspace_id=here, user_id=None, action=action, subject=number.number)


def _is_waited_for(session: Session, number: PortNumber) -> bool:
    return number.state is State.PORTED and cutover_of(session, number).snapback_at is not None
