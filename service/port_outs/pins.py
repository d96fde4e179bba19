"""The PIN of a number that another operator has to name, at carriers where each number has its own.

It is drawn here, kept sealed, shown to the owner alone, and set at the carrier by a job that can be run again.
"""

from secrets import choice
from string import digits
from typing import Final

from sqlalchemy.orm import Session

from provisioning.contract.errors import NotFound
from service.accounts.change_log import Action, note
from service.accounts.models import Member
from service.errors import Conflict
from service.lines.models import PhoneNumber, Standing
from service.port_outs.locking import must_be_owner
from service.queue import task
from service.services import Services
from service.time import now

LENGTH: Final = 6
"""Digits of a PIN."""


def has_own_pin(services: Services, number: PhoneNumber) -> bool:
    """Whether a number can have a PIN of its own at its carrier."""
    return services.network(number.carrier).port_outs is not None


def draw_pin(session: Session, services: Services, owner: Member, number: PhoneNumber) -> None:
    """Give a number a new PIN, which takes the place of the one before.

    Raises:
        Forbidden: this is not the owner.
        Conflict: we do not hold the number, or its carrier has one PIN for all.
    """
    must_be_owner(owner)
    session.refresh(number, with_for_update=True)
    if number.standing is not Standing.HELD or not has_own_pin(services, number):
        raise Conflict("This number can’t be changed that way.")
    number.port_out_pin, number.pin_set_at = "".join(choice(digits) for _ in range(LENGTH)), None
    here, who = owner.workspace_id, owner.user_id
    note(session, workspace_id=here, user_id=who, action=Action.PORT_OUT_PIN_MADE, subject=number.number)
    set_port_out_pin.defer(session, number_id=number.id)


@task
def set_port_out_pin(services: Services, *, number_id: int) -> None:
    """Set the PIN of a number at its carrier. Idempotent. A number that is gone there needs none."""
    with services.sessions() as session:
        number = session.get_one(PhoneNumber, number_id)
    port_outs, pin = services.network(number.carrier).port_outs, number.port_out_pin
    if number.standing is not Standing.HELD or port_outs is None or not pin or number.pin_set_at:
        return
    try:
        port_outs.set_pin(number.reference, pin)
    except NotFound:
        return
    with services.sessions.begin() as session:
        kept = session.get_one(PhoneNumber, number_id, with_for_update=True)
        if kept.port_out_pin == pin:  # else another one was drawn meanwhile, with a job of its own
            kept.pin_set_at = now()
