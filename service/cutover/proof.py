"""Evidence that a leg works: the first real call or text that came in on the ported number."""

from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.cutover.effects import advance_cutover
from service.cutover.models import StepName
from service.cutover.steps import steps_of
from service.lines.inventory import number_held
from service.porting.effects import ask_carrier
from service.porting.models import PortNumber
from service.porting.states import State
from service.services import Services
from service.time import now


class Leg(StrEnum):
    """What is proven by itself: texts may follow hours or days after calls."""

    VOICE = "voice"
    TEXTS = "texts"


_PROOFS = {Leg.VOICE: StepName.PROVE_VOICE, Leg.TEXTS: StepName.PROVE_TEXTS}


def evidence(session: Session, services: Services, *, number: str, leg: str, reference: str) -> None:
    """A call or a text came in on a number (E.164) of ours; `reference` is the carrier's id of it.

    On a number that is being ported it proves the leg. It may even come before the carrier says "completed": then we
    ask at once.
    """
    held = number_held(session, number)
    if held:
        held.last_used_at = now()
    arriving = select(PortNumber).where(
        PortNumber.number == number,
        PortNumber.state.in_([State.SCHEDULED, State.ACTIVATING, State.PORTED, State.CANCEL_REQUESTED]),
    )
    for port_number in session.scalars(arriving):
        _prove(session, port_number, Leg(leg), reference)


def _prove(session: Session, number: PortNumber, leg: Leg, reference: str) -> None:
    step = steps_of(session, number)[_PROOFS[leg]]
    if step.done_at:
        return
    step.done_at = now()
    step.evidence = {"reference": reference}
    if number.state is State.PORTED:
        advance_cutover.defer(session, port_number_id=number.id)
    elif number.order_id:
        ask_carrier.defer(session, order_id=number.order_id)
