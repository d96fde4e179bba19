"""Proofs that a leg works: a call, a text or a picture that came in on the ported number, or a text that left it.

What came from a number of ours at the same carrier, or went to one, crossed no other network. It is recorded as a
trial, and replaced by the first proof from outside.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from service.cutover.carrier_jobs import advance_cutover
from service.cutover.models import CutoverStep, StepName
from service.cutover.rows import cutover_of, destination_carrier, steps_of
from service.events.models import EventKind
from service.events.publishing import Event, publish
from service.lines.inventory import number_held
from service.porting.asking import ask_carrier
from service.porting.models import PortNumber
from service.porting.states import State
from service.services import Services
from service.time import now


class Leg(StrEnum):
    """What is proven separately: texts may arrive hours or days after calls do, and pictures after texts."""

    VOICE = "voice"
    TEXTS = "texts"
    PICTURES = "pictures"
    SENDING = "sending"


_PROOFS: Final = {
    Leg.VOICE: (StepName.PROVE_VOICE,),
    Leg.TEXTS: (StepName.PROVE_TEXTS,),
    Leg.PICTURES: (StepName.PROVE_TEXTS, StepName.PROVE_PICTURES),
    Leg.SENDING: (StepName.PROVE_SENDING,),
}
"""The steps that a proof of each leg completes: a picture comes the way texts come, so it proves both."""


_ARRIVING: Final = (State.SCHEDULED, State.ACTIVATING, State.PORTED, State.CANCEL_REQUESTED)

# locked, so that a cutover that is taken back at this moment is not proven by an earlier call or text
_ARRIVING_AS: Final = (
    select(PortNumber)
    .where(PortNumber.number == bindparam("number"), PortNumber.state.in_(_ARRIVING))
    .with_for_update()
)


@dataclass(frozen=True, slots=True)
class Proof:
    """A call, text or picture on `number` (E.164) from `far_end`, or a text delivered to it.

    `reference` is the carrier's id of the call or message.
    """

    number: str
    leg: Leg
    reference: str
    far_end: str


def record_proof(session: Session, services: Services, proof: Proof) -> None:
    """Record that a call, text or picture came in on a number of ours, or that a text from it was delivered.

    On a number that is being ported it proves the leg. It may come before the carrier reports the port as complete:
    then we ask the carrier at once.
    """
    for port_number in session.scalars(_ARRIVING_AS, {"number": proof.number}):
        _prove(session, services, port_number, proof)


def _prove(session: Session, services: Services, number: PortNumber, proof: Proof) -> None:
    if cutover_of(session, number).taken_back_at:
        return
    steps = steps_of(session, services, number)
    wanted = [steps[name] for name in _PROOFS[proof.leg] if name in steps]
    inside = any(step.trial or not step.done_at for step in wanted) and _same_carrier(session, services, number, proof)
    better = [step for step in wanted if not step.done_at or (step.trial and not inside)]
    for step in better:
        step.done_at = now()
        step.far_end, step.trial, step.trouble = proof.far_end[:64], inside, ""
        step.evidence = {"reference": proof.reference}
        _publish(session, number, step)
    if not better:
        return
    if number.state is State.PORTED:
        advance_cutover.hurry(session, port_number_id=number.id)
    elif number.order_id:
        ask_carrier.hurry(session, order_id=number.order_id)


def _publish(session: Session, number: PortNumber, step: CutoverStep) -> None:
    """Tell programs outside of a channel that is proven."""
    project, at = number.project, step.done_at
    if step.complete and at:
        channel = step.name.removeprefix("prove_")
        data = {"id": project.public_id, "number_id": number.id, "number": number.number, "channel": channel}
        event = Event(EventKind.CHANNEL_PROVEN, f"transfer:{project.public_id}", f"{step.id}:{at.timestamp()}", data)
        publish(session, project.workspace_id, [event])


def _same_carrier(session: Session, services: Services, number: PortNumber, proof: Proof) -> bool:
    """Whether the far end is a number of ours at the carrier of the ported one."""
    carrier = destination_carrier(services, number)
    if proof.far_end in services.settings.platform_numbers:
        return proof.far_end == services.platform_number(carrier)
    held = number_held(session, proof.far_end)
    return held is not None and held.carrier == carrier
