"""Completing the drafts that a carrier makes of a filing: each order is filled in and sent by itself."""

from provisioning.contract.errors import Conflict, NotFound, Refused
from service.porting.asking import ask_carrier
from service.porting.filing import filing_of, reject
from service.porting.models import CarrierOrder
from service.porting.queries import locked_numbers
from service.porting.states import State
from service.queue import task
from service.services import Services


@task
def complete_at_carrier(services: Services, *, order_id: int) -> None:
    """Fill in a draft and send it, unless all its numbers were called off meanwhile. Idempotent.

    If the carrier refuses it, its numbers are rejected and it stays a draft, which a correction completes.
    """
    with services.sessions() as session:
        order = session.get_one(CarrierOrder, order_id)
        if all(number.state is not State.SUBMITTING for number in order.numbers):
            return
        filing = filing_of(session, order.attempt)
    refusal = None
    try:
        services.carriers[order.carrier].porting.complete(order.reference, filing)
    except NotFound:
        pass  # asking about it shows that it is gone
    except (Refused, Conflict) as error:
        refusal = error
    with services.sessions.begin() as session:
        if refusal:
            reject(session, services, locked_numbers(session, order_id), refusal)
        ask_carrier.defer(session, order_id=order_id)
