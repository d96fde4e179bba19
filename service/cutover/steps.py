"""The steps that move a line to its ported number, in order, each idempotent, stamped, and repeated alone.

Finding the number and routing it to us may happen before the port completes, so that there is no dead minute. Both
numbers hang on the same line and the same webhooks, keyed by the called number: at no time does a call or a text
reach nothing.
"""

from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from provisioning.contract.errors import Broken, CarrierError
from provisioning.contract.numbers import OwnedNumber
from service.alerts import alert
from service.cutover.models import CutoverStep, StepName
from service.cutover.telling import tell_arrivals
from service.lines.inventory import make_primary, number_held, take_over
from service.lines.models import NumberRole
from service.porting.choice import carrier_of
from service.porting.models import Cause, PortNumber
from service.porting.moves import move
from service.porting.states import Fact, State
from service.queue import TRIES
from service.services import Services
from service.time import now


class Arrival(NamedTuple):
    """A number on its way in, as the steps need it."""

    port_number_id: int
    number: str
    carrier: str
    ported: bool
    steps_done: frozenset[StepName]


def advance(services: Services, port_number_id: int) -> None:
    """Do what can be done now for a number that is coming in or has come. Doing it again does no harm."""
    with services.sessions.begin() as session:
        arrival = _arrival(session, services, port_number_id)
    if arrival is None:
        return
    try:
        if StepName.APPLY_ROUTING not in arrival.steps_done and not _route(services, arrival):
            return
    except CarrierError as error:
        _note_trouble(services, arrival, StepName.APPLY_ROUTING, str(error))
        return
    if arrival.ported:
        _settle_in(services, port_number_id)


def _arrival(session: Session, services: Services, port_number_id: int) -> Arrival | None:
    number = session.get_one(PortNumber, port_number_id)
    if number.state not in {State.SCHEDULED, State.ACTIVATING, State.PORTED}:
        return None
    carrier = number.network or carrier_of(services, number)
    if services.carriers[carrier].network is None:
        carrier = services.home
    done = frozenset(name for name, step in steps_of(session, number).items() if step.done_at)
    return Arrival(port_number_id, number.number, carrier, number.state is State.PORTED, done)


def steps_of(session: Session, number: PortNumber) -> dict[StepName, CutoverStep]:
    """A number's steps, made on first sight."""
    rows = session.scalars(select(CutoverStep).where(CutoverStep.port_number_id == number.id).order_by(CutoverStep.id))
    steps = {step.name: step for step in rows}
    for name in StepName:
        if name not in steps:
            steps[name] = CutoverStep(port_number=number, name=name)
            session.add(steps[name])
    session.flush()
    return steps


def _route(services: Services, arrival: Arrival) -> bool:
    """Find the number at the carrier, point it at us, read it back and compare. False: it is not there yet."""
    numbers = services.network(arrival.carrier).numbers
    owned = numbers.find(arrival.number)
    if owned is None:
        _note_trouble(services, arrival, StepName.FIND_NUMBER, "not at the carrier yet")
        return False
    routing = services.routing(arrival.carrier)
    as_read = numbers.apply_routing(owned.reference, routing)
    if as_read.routing != routing:
        raise Broken("the carrier shows other routing than we set")
    _stamp_routed(services, arrival, as_read)
    return True


def _stamp_routed(services: Services, arrival: Arrival, owned: OwnedNumber) -> None:
    with services.sessions.begin() as session:
        number = session.get_one(PortNumber, arrival.port_number_id)
        held = take_over(session, number.project.line_id, arrival.carrier, owned)
        held.routed_at = now()
        steps = steps_of(session, number)
        _stamp(steps[StepName.FIND_NUMBER], reference=owned.reference)
        _stamp(steps[StepName.APPLY_ROUTING], voice_url=owned.routing.voice_url, message_url=owned.routing.message_url)


def _note_trouble(services: Services, arrival: Arrival, name: StepName, trouble: str) -> None:
    """Before completion a missing number is no trouble: it often shows up with the port itself."""
    if not arrival.ported:
        return
    with services.sessions.begin() as session:
        step = steps_of(session, session.get_one(PortNumber, arrival.port_number_id))[name]
        step.tries += 1
        step.trouble = trouble[:200]
        if step.tries == TRIES:
            alert(session, "cutover_stuck", f"port_number:{arrival.port_number_id}", step=name, trouble=trouble[:200])


def _settle_in(services: Services, port_number_id: int) -> None:
    """The port is complete and the number routed: it becomes the line's own; once proven, the port is done."""
    with services.sessions.begin() as session:
        number = session.get_one(PortNumber, port_number_id, with_for_update=True)
        steps = steps_of(session, number)
        if not steps[StepName.SWAP_ROLES].done_at:
            _swap_roles(session, number, steps[StepName.SWAP_ROLES])
        _send_texts_from_it(session, number, steps[StepName.PROVE_TEXTS])
        tell_arrivals(session, services, number.project)
        if number.state is State.PORTED and all(step.done_at for step in steps.values()):
            move(session, services, number, Fact.PROVEN, Cause.CUTOVER)


def _swap_roles(session: Session, number: PortNumber, step: CutoverStep) -> None:
    held = number_held(session, number.number)
    if held is None:
        raise LookupError("a routed number is held")
    retiring = make_primary(session, held)
    _stamp(step, retiring=[other.number for other in retiring])


def _send_texts_from_it(session: Session, number: PortNumber, proof: CutoverStep) -> None:
    """Texts leave from the number only when they are known to come in on it: that leg may follow hours later."""
    held = number_held(session, number.number)
    if held and held.role is NumberRole.PRIMARY and proof.done_at and not held.texts_since:
        held.texts_since = now()


def _stamp(step: CutoverStep, **evidence: object) -> None:
    step.done_at = step.done_at or now()
    step.trouble = ""
    step.evidence = evidence
