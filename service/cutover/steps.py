"""The steps that cut a line over to its ported number, each idempotent, stamped when done, and repeated alone.

Steps at the carrier are done before the port completes where possible, so that no call is lost. Both numbers belong
to the same line, and callbacks find the line by the called number, so calls and texts to either number reach it.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from sqlalchemy.orm import Session

from provisioning.contract.account import TextRegistration
from provisioning.contract.errors import CarrierError
from provisioning.contract.porting import Address
from service.alerts import AlertKind, alert
from service.cutover.arrival_notices import notify_arrivals
from service.cutover.carrier_steps import CARRIER_STEPS, Arrival, Evidence, NotThere, Unregistered
from service.cutover.models import OF_TEXTS, TAKEN_BACK, CutoverStep, StepName
from service.cutover.queries import BEFORE_SENDING, notified_of_strays
from service.cutover.registrations import needs_registration
from service.cutover.rows import cutover_of, destination_carrier, note_whether_texts, steps_of
from service.cutover.sending_tests import begin_sending_test
from service.cutover.traffic import half_among
from service.lines.inventory import add_arriving, make_primary, number_held, outgoing_number
from service.lines.models import PhoneNumber
from service.lines.pools import pool_for
from service.porting.models import Cause, PortNumber
from service.porting.states import Fact, State
from service.porting.transitions import transition
from service.queue import TRIES
from service.services import Services
from service.time import now

_COMING: Final = {State.SCHEDULED, State.ACTIVATING, State.PORTED}

_LOOKS: Final = 24
"""After this many looks, five seconds apart, the operators are alerted that the carrier does not show a number."""


def advance(services: Services, port_number_id: int) -> None:
    """Do every step that is possible now for a number that is about to be ported or is ported. Idempotent."""
    with services.sessions.begin() as session:
        number = session.get_one(PortNumber, port_number_id)
        arrival = _arrival(session, services, number)
        open_steps = [name for name, step in steps_of(session, services, number).items() if not step.done_at]
    if arrival is None:
        return
    for name in CARRIER_STEPS:
        possible = arrival.reference or name is StepName.FIND_NUMBER
        needed = arrival.carries_texts or name not in OF_TEXTS
        if name in open_steps and possible and needed:
            arrival = _do(services, arrival, name)
    if arrival.ported:
        _settle_in(services, port_number_id)


def _arrival(session: Session, services: Services, number: PortNumber) -> Arrival | None:
    """None if there is nothing to do: the number has no date yet, is live or final, or its cutover was taken back."""
    if number.state not in _COMING:
        return None
    if cutover_of(session, number).taken_back_at:
        return None
    held, carrier = number_held(session, number.number), destination_carrier(services, number)
    if held and held.carrier != carrier and number.state is not State.PORTED:
        return None  # it serves at another carrier of ours until it has left there
    project = number.project
    return Arrival(
        port_number_id=number.id,
        number=number.number,
        carrier=carrier,
        ported=number.state is State.PORTED,
        reference=held.reference if held and held.carrier == carrier else "",
        holder=project.subscriber_name,
        address=Address(
            project.street, project.city, project.region, project.postal_code, project.country, project.street2
        ),
        kind=number.kind,
        carries_texts=number.carries_texts,
        registered=needs_registration(number),
        pool=pool_for(session, services, project.workspace_id),
    )


def _do(services: Services, arrival: Arrival, name: StepName) -> Arrival:
    """Do one step. If it fails, it is tried again later, and the steps after it do not wait for it."""
    try:
        evidence = CARRIER_STEPS[name](services, arrival)
    except CarrierError as error:
        _note_trouble(services, arrival, name, error)
        return arrival
    _note_done(services, arrival, name, evidence)
    return replace(arrival, **evidence) if name is StepName.FIND_NUMBER else arrival


def _note_done(services: Services, arrival: Arrival, name: StepName, evidence: Evidence) -> None:
    with services.sessions.begin() as session:
        number = session.get_one(PortNumber, arrival.port_number_id, with_for_update=True)
        if number.state not in _COMING or (name in TAKEN_BACK and cutover_of(session, number).taken_back_at):
            # it was canceled or taken back while the carrier worked; a job that was queued then undoes the step there
            return
        _stamp(steps_of(session, services, number)[name], **evidence)
        if name is StepName.FIND_NUMBER:
            add_arriving(session, number.line_id, arrival.carrier, arrival.number, evidence["reference"])
            note_whether_texts(session, number, carries_texts=evidence["carries_texts"])
        elif name is StepName.APPLY_ROUTING:
            _held(session, number).routed_at = now()
        elif name is StepName.ENROL_TEXTS:
            _held(session, number).pool = evidence["pool"]
            if arrival.registered:
                cutover_of(session, number).registration = TextRegistration.APPROVED
        elif name is StepName.REGISTER_ADDRESS:
            _held(session, number).emergency_address = f"{evidence['street']}, {evidence['city']}"


def _note_trouble(services: Services, arrival: Arrival, name: StepName, error: CarrierError) -> None:
    """Note a failure, unless the number is just not shown at the carrier before the port completes."""
    if isinstance(error, NotThere) and not arrival.ported:
        return
    with services.sessions.begin() as session:
        number = session.get_one(PortNumber, arrival.port_number_id)
        if isinstance(error, Unregistered):  # it has joined its pool all the same, where there is one
            cutover_of(session, number).registration = error.registration
            _held(session, number).pool = arrival.pool or ""
        step = steps_of(session, services, number)[name]
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
    """Make a ported and routed number the line's primary one; once every step is proven, the port is done."""
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
        notify_arrivals(session, services, number.project)
        # a customer who reads that all is done ends the old service, and with it calls that still go there
        if all(step.complete for step in steps.values()) and not _goes_astray(session, number):
            transition(session, services, number, Fact.PROVEN, Cause.CUTOVER)


def _goes_astray(session: Session, number: PortNumber) -> bool:
    """Whether calls to this number go astray, or to another one of its project that was reported as done."""
    of_project = notified_of_strays().where(PortNumber.project_id == number.project_id)
    return bool(half_among(session, [number])) or session.scalars(of_project).first() is not None


def _swap_roles(session: Session, number: PortNumber, step: CutoverStep) -> None:
    retiring = make_primary(session, _held(session, number))
    cutover_of(session, number).replaced = next((other.number for other in retiring), "")
    _stamp(step)


def _change_sender(session: Session, number: PortNumber, steps: Mapping[StepName, CutoverStep]) -> None:
    """Send texts from the number once texts come in on it and it is enrolled, which may be hours after the swap."""
    step = steps.get(StepName.CHANGE_SENDER)
    if step is None or step.done_at or not all(steps[name].done_at for name in BEFORE_SENDING):
        return
    held = _held(session, number)
    held.texts_since = held.texts_since or now()
    _stamp(step, number=number.number)
    session.flush()
    sender = outgoing_number(session, held.line_id)
    if sender and sender is not held:  # the line goes on texting from a number that came before
        _stamp(steps[StepName.PROVE_SENDING], line_texts_from=sender.number)
    else:
        begin_sending_test(session, number, steps[StepName.PROVE_SENDING])


def _held(session: Session, number: PortNumber) -> PhoneNumber:
    held = number_held(session, number.number)
    if held is None:
        raise LookupError("a number found at the carrier is not held by a line")
    return held


def _stamp(step: CutoverStep, **evidence: object) -> None:
    step.done_at = step.done_at or now()
    step.trouble = ""
    step.evidence = evidence
