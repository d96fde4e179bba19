"""Completing the drafts that a carrier makes of a filing: each order is filled in and sent by itself."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from provisioning.contract.errors import Conflict, NotFound, Refused
from provisioning.contract.porting import PortStatus
from provisioning.contract.porting_facet import Porting
from service.porting.asking import ask_carrier
from service.porting.attempts import make_attempts
from service.porting.filing import filing_of, reject
from service.porting.models import CarrierOrder, PortNumber
from service.porting.queries import locked_numbers
from service.porting.states import NOT_WANTED, State
from service.queue import task
from service.services import Services


@task
def complete_at_carrier(services: Services, *, order_id: int) -> None:
    """Fill in a draft and send it, unless all its numbers were called off meanwhile. Idempotent.

    If the carrier refuses it, its numbers are rejected and it stays a draft, which a correction completes. A draft of
    which some numbers were called off is deleted, and its other numbers are filed anew.
    """
    with services.sessions.begin() as session:
        order, numbers = session.get_one(CarrierOrder, order_id), locked_numbers(session, order_id)
        if all(number.state is not State.SUBMITTING for number in numbers):
            return
        filing, reference = filing_of(session, order.attempt), order.reference
        porting = services.carriers[order.carrier].porting
        is_whole = not holds_unwanted(numbers)
        if not is_whole:
            _leave_out_the_unwanted(session, services, order, numbers)
    refusal = None
    try:
        if is_whole:
            porting.complete(reference, filing)
        else:
            _delete(porting, reference)
    except NotFound:
        pass  # asking about it shows that it is gone
    except (Refused, Conflict) as error:
        refusal = error
    with services.sessions.begin() as session:
        if refusal:
            reject(session, services, locked_numbers(session, order_id), refusal)
        ask_carrier.defer(session, order_id=order_id)


def holds_unwanted(numbers: Sequence[PortNumber]) -> bool:
    """Whether an order, as far as we know a draft, holds numbers that were called off: it must not be sent so."""
    return any(number.state in NOT_WANTED and number.carrier_status is PortStatus.DRAFT for number in numbers)


def _leave_out_the_unwanted(
    session: Session, services: Services, order: CarrierOrder, numbers: Sequence[PortNumber]
) -> None:
    """Give the other numbers an attempt of their own, which is filed once the carrier shows that the draft is gone."""
    wanted = [one for one in numbers if one.state not in NOT_WANTED and one.attempt_id == order.attempt_id]
    if wanted:
        make_attempts(session, services, order.attempt.project, wanted)


def _delete(porting: Porting, reference: str) -> None:
    """Delete a draft. One that was sent meanwhile stays: whoever called a number off has the carrier asked for it."""
    if all(number.status is PortStatus.DRAFT for number in porting.fetch(reference).numbers):
        porting.cancel(reference)
