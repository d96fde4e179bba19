"""The steps that move a line to its ported number, each idempotent, stamped, and repeated alone.

What is done at the carrier may happen before the port completes, so that there is no dead minute. Both numbers hang
on the same line and the same webhooks, keyed by the called number: at no time does a call or a text reach nothing.
"""

from dataclasses import replace
from typing import Final

from sqlalchemy.orm import Session

from provisioning.contract.errors import CarrierError
from provisioning.contract.porting import Address
from service.alerts import AlertKind, alert
from service.cutover.carrier_steps import CARRIER_STEPS, Arrival, Evidence, NotThere
from service.cutover.models import TAKEN_BACK, CutoverStep, StepName
from service.cutover.queries import told_of_strays
from service.cutover.rows import cutover_of, destination_carrier, steps_of
from service.cutover.telling import tell_arrivals
from service.cutover.traffic import is_half
from service.lines.inventory import make_primary, number_held, take_over
from service.lines.models import PhoneNumber
from service.porting.models import Cause, PortNumber
from service.porting.states import Fact, State
from service.porting.transitions import transition
from service.queue import TRIES
from service.services import Services
from service.time import now

_COMING: Final = {State.SCHEDULED, State.ACTIVATING, State.PORTED}

_LOOKS: Final = 24
"""After so many looks, five seconds apart, a person is told that a number has come and is not shown."""


def advance(services: Services, port_number_id: int) -> None:
    """Do what can be done now for a number that is coming in or has come. Doing it again does no harm."""
    with services.sessions.begin() as session:
        number = session.get_one(PortNumber, port_number_id)
        arrival = _arrival(session, services, number)
        open_steps = [name for name, step in steps_of(session, services, number).items() if not step.done_at]
    if arrival is None:
        return
    for name in CARRIER_STEPS:
        if name in open_steps and (arrival.reference or name is StepName.FIND_NUMBER):
            arrival = _do(services, arrival, name)
    if arrival.ported:
        _settle_in(services, port_number_id)


def _arrival(session: Session, services: Services, number: PortNumber) -> Arrival | None:
    """None while nothing is to be done: it has not come so far, is done, or was taken back."""
    if number.state not in _COMING:
        return None
    if cutover_of(session, number).taken_back_at:
        return None
    held = number_held(session, number.number)
    project = number.project
    return Arrival(
        port_number_id=number.id,
        number=number.number,
        carrier=destination_carrier(services, number),
        ported=number.state is State.PORTED,
        reference=held.reference if held else "",
        holder=project.subscriber_name,
        address=Address(
            project.street, project.city, project.region, project.postal_code, project.country, project.street2
        ),
    )


def _do(services: Services, arrival: Arrival, name: StepName) -> Arrival:
    """One step. Where it fails, it alone is tried again later; the next ones do not wait for it."""
    try:
        evidence = CARRIER_STEPS[name](services, arrival)
    except CarrierError as error:
        _note_trouble(services, arrival, name, error)
        return arrival
    _note_done(services, arrival, name, evidence)
    return replace(arrival, reference=evidence["reference"]) if name is StepName.FIND_NUMBER else arrival


def _note_done(services: Services, arrival: Arrival, name: StepName, evidence: Evidence) -> None:
    with services.sessions.begin() as session:
        number = session.get_one(PortNumber, arrival.port_number_id, with_for_update=True)
        if number.state not in _COMING or (name in TAKEN_BACK and cutover_of(session, number).taken_back_at):
            # it was called off or taken back while the carrier was at it, and a job that waits undoes it there
            return
        _stamp(steps_of(session, services, number)[name], **evidence)
        if name is StepName.FIND_NUMBER:
            take_over(session, number.project.line_id, arrival.carrier, arrival.number, evidence["reference"])
        elif name is StepName.APPLY_ROUTING:
            _held(session, number).routed_at = now()


def _note_trouble(services: Services, arrival: Arrival, name: StepName, error: CarrierError) -> None:
    """Before completion a missing number is no trouble."""
    if isinstance(error, NotThere) and not arrival.ported:
        return
    with services.sessions.begin() as session:
        step = steps_of(session, services, session.get_one(PortNumber, arrival.port_number_id))[name]
        step.tries += 1
        step.tried_at = now()
        step.trouble = str(error)[:200]
        if step.tries == (_LOOKS if isinstance(error, NotThere) else TRIES):
            alert(
                session,
                AlertKind.CUTOVER_STUCK,
                f"port_number:{arrival.port_number_id}",
                step=name,
                trouble=step.trouble,
            )


def _settle_in(services: Services, port_number_id: int) -> None:
    """The port is complete and the number routed: it becomes the line's own; once proven, the port is done."""
    with services.sessions.begin() as session:
        number = session.get_one(PortNumber, port_number_id, with_for_update=True)
        steps = steps_of(session, services, number)
        if number.state is not State.PORTED or cutover_of(session, number).taken_back_at:
            return
        if not steps[StepName.APPLY_ROUTING].done_at:
            return
        if not steps[StepName.SWAP_ROLES].done_at:
            _swap_roles(session, number, steps[StepName.SWAP_ROLES])
        _change_sender(session, number, steps)
        tell_arrivals(session, services, number.project)
        # whoever is told that all is done ends the old service, and with it what still goes there
        if all(step.done_at for step in steps.values()) and not _goes_astray(session, number):
            transition(session, services, number, Fact.PROVEN, Cause.CUTOVER)


def _goes_astray(session: Session, number: PortNumber) -> bool:
    """Calls to it, or to another of its project that was called done before."""
    of_project = told_of_strays().where(PortNumber.project_id == number.project_id)
    return is_half(session, number) or session.scalars(of_project).first() is not None


def _swap_roles(session: Session, number: PortNumber, step: CutoverStep) -> None:
    retiring = make_primary(session, _held(session, number))
    cutover_of(session, number).replaced = next((other.number for other in retiring), "")
    _stamp(step)


def _change_sender(session: Session, number: PortNumber, steps: dict[StepName, CutoverStep]) -> None:
    """Texts leave from the number only when they come in on it and may leave from it: that may be hours later."""
    needs = (StepName.SWAP_ROLES, StepName.ENROL_TEXTS, StepName.PROVE_TEXTS)
    step = steps[StepName.CHANGE_SENDER]
    if step.done_at or not all(steps[name].done_at for name in needs):
        return
    held = _held(session, number)
    held.texts_since = held.texts_since or now()
    _stamp(step, number=number.number)


def _held(session: Session, number: PortNumber) -> PhoneNumber:
    held = number_held(session, number.number)
    if held is None:
        raise LookupError("a number that was found is held")
    return held


def _stamp(step: CutoverStep, **evidence: object) -> None:
    step.done_at = step.done_at or now()
    step.trouble = ""
    step.evidence = evidence
