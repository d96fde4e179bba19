"""Choosing the moment at which an order brings its numbers in.

What was chosen is kept on the order and asked of the carrier by a job that can be run again. It counts once the order
shows it; if the carrier says no, the order keeps its moment, and the choice stands there as refused.
"""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from provisioning.contract.errors import Conflict as CarrierConflict
from provisioning.contract.errors import Refused
from service.errors import Conflict, Invalid
from service.porting.activation import can_start, is_within, windows_of
from service.porting.asking import ask_carrier
from service.porting.models import CarrierOrder
from service.queue import task
from service.services import Services
from service.time import now


def choose_moment(session: Session, order: CarrierOrder, at: datetime) -> None:
    """Have the numbers of an order come at a moment (aware). Raises `Invalid` on the field `moment`."""
    if at <= now() or not is_within(windows_of(order), at):
        raise Invalid({"moment": ["Choose a time that’s still to come and within the hours shown."]})
    _ask_for(session, order, at)


def start_now(session: Session, order: CarrierOrder) -> None:
    """Have the numbers of an order come now. Raises `Conflict` outside of its windows."""
    if not can_start(order):
        raise Conflict("It can’t move right now. Choose a time instead.")
    _ask_for(session, order, now())


def _ask_for(session: Session, order: CarrierOrder, at: datetime) -> None:
    order.chosen_at, order.choice_refused = at, False
    choose_at_carrier.defer(session, order_id=order.id)


@task
def choose_at_carrier(services: Services, *, order_id: int) -> None:
    """Ask the carrier for the moment that was chosen last: for one that has come, to begin now. Idempotent."""
    with services.sessions() as session:
        order = session.get_one(CarrierOrder, order_id)
    activations, at = services.carriers[order.carrier].activations, order.chosen_at
    if activations is None or at is None or order.choice_refused:
        return
    try:
        if at > now():
            activations.choose(order.reference, at)
        else:
            activations.start(order.reference)
    except (Refused, CarrierConflict):
        _note_refusal(services, order_id, at)
    with services.sessions.begin() as session:
        ask_carrier.hurry(session, order_id=order_id)


def _note_refusal(services: Services, order_id: int, at: datetime) -> None:
    """Keep that the carrier said no to this moment, unless another one was chosen meanwhile."""
    still_chosen = (CarrierOrder.id == order_id, CarrierOrder.chosen_at == at)
    with services.sessions.begin() as session:
        session.execute(update(CarrierOrder).where(*still_chosen).values(choice_refused=True))
