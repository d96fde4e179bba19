"""Testing a ported number ourselves: a call, a text and a picture from our platform number.

At the same carrier such a test finds what is wrong on our side and proves nothing about other networks, so we wait for
other people first. Then we test, and again after ever longer waits while nothing has arrived at all: texts may work
hours after calls do.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, selectinload

from provisioning.contract.callbacks import MessageArrived
from provisioning.contract.calling import OutgoingCall
from provisioning.contract.errors import CarrierError, Refused
from provisioning.contract.errors import Conflict as AtCarrier
from provisioning.contract.messaging import OutgoingMessage
from service.callback_addresses import Carried, Step, addresses
from service.cutover.models import Cutover, CutoverStep, StepName
from service.cutover.rows import all_steps_of, cutover_of, cutovers_of, steps_of
from service.errors import Conflict
from service.porting.models import PortNumber
from service.porting.states import State
from service.queue import task
from service.services import Services
from service.time import now

WAITS: Final = (timedelta(minutes=10), timedelta(hours=1), timedelta(hours=3), timedelta(hours=8), timedelta(days=1))
"""Waits before the first test and between tests; the last one repeats."""

PAUSE: Final = timedelta(minutes=1)
"""How soon after a test another one may be asked for."""

_LEGS: Final = (StepName.PROVE_VOICE, StepName.PROVE_TEXTS, StepName.PROVE_PICTURES)


def start_due_trials(session: Session, services: Services) -> None:
    """Queue the tests that are due."""
    numbers = _unproven(session) if can_try(services) else []
    cutovers, steps = cutovers_of(session, numbers), all_steps_of(session, services, numbers)
    for number_id, cutover in cutovers.items():
        if _due_at(cutover, steps[number_id][StepName.SWAP_ROLES]) <= now():
            _start(session, cutover)


def ask_for_trial(session: Session, services: Services, number: PortNumber) -> None:
    """Queue a test that a person asked for.

    Raises:
        Conflict: something has arrived on every leg, a test was sent within `PAUSE`, or there is no platform number.
    """
    cutover = cutover_of(session, number)
    if not can_try(services) or number.id not in {waiting.id for waiting in _unproven(session)}:
        raise Conflict("There’s nothing to test right now.")
    if cutover.tried_out_at and now() < cutover.tried_out_at + PAUSE:
        raise Conflict("A test is running. Give it a minute.")
    _start(session, cutover)


def can_try(services: Services) -> bool:
    """Whether there is a platform number to test from."""
    return bool(services.settings.platform_number)


def is_trial(session: Session, services: Services, event: MessageArrived) -> bool:
    """Whether a text that came in is a test of ours, which belongs in no inbox."""
    if not can_try(services) or event.sender != services.settings.platform_number:
        return False
    words = select(Cutover.trial_word).join(PortNumber).where(PortNumber.number == event.recipient)
    return any(word and word in event.text for word in session.scalars(words))


@task
def run_trial(services: Services, *, port_number_id: int) -> None:
    """Send a test for each leg that is not proven. Sending one twice does no harm, so it needs no ledger entry."""
    with services.sessions.begin() as session:
        number = session.get_one(PortNumber, port_number_id)
        steps = steps_of(session, services, number)
        wanted = [name for name in _LEGS if name in steps and not steps[name].done_at]
        tests = list(_tests(services, number.number, cutover_of(session, number).trial_word, wanted))
    for name, test in tests:
        try:
            _send(services, test)
        except (Refused, AtCarrier) as error:
            _note_trouble(services, port_number_id, name, error)


def _tests(
    services: Services, number: str, word: str, wanted: Sequence[StepName]
) -> Iterator[tuple[StepName, OutgoingMessage | OutgoingCall]]:
    ours = services.settings.platform_number
    to, test = addresses(services, services.home), Carried(Step.TEST)
    picture = f"{services.settings.public_base_url}/static/trial.png"
    text = f"Portline tests that texts reach this number. Nothing to do for you. ({word})"
    every: dict[StepName, OutgoingMessage | OutgoingCall] = {
        StepName.PROVE_VOICE: OutgoingCall(ours, number, to.voice(test), to.call_status(test)),
        StepName.PROVE_TEXTS: OutgoingMessage(ours, number, text, to.message_status()),
        StepName.PROVE_PICTURES: OutgoingMessage(ours, number, text, to.message_status(), (picture,)),
    }
    return ((name, every[name]) for name in wanted)


def _send(services: Services, test: OutgoingMessage | OutgoingCall) -> None:
    network = services.network(services.home)
    if isinstance(test, OutgoingCall):
        network.calling.place(test)
    else:
        network.messaging.send(test)


def _note_trouble(services: Services, port_number_id: int, name: StepName, error: CarrierError) -> None:
    with services.sessions.begin() as session:
        step = steps_of(session, services, session.get_one(PortNumber, port_number_id))[name]
        step.tries += 1
        step.tried_at = now()
        step.trouble = str(error)[:200]


def _start(session: Session, cutover: Cutover) -> None:
    cutover.trials += 1
    cutover.tried_out_at = now()
    run_trial.defer(session, port_number_id=cutover.port_number_id)


def _unproven(session: Session) -> list[PortNumber]:
    """Numbers that are primary on their line and have a leg on which nothing has arrived."""
    mine = CutoverStep.port_number_id == PortNumber.id
    placed = exists().where(mine, CutoverStep.name == StepName.SWAP_ROLES, CutoverStep.done_at.is_not(None))
    silent = exists().where(mine, CutoverStep.name.in_(_LEGS), CutoverStep.done_at.is_(None))
    with_order = selectinload(PortNumber.order)
    rows = select(PortNumber).where(PortNumber.state == State.PORTED, placed, silent).options(with_order)
    return list(session.scalars(rows.order_by(PortNumber.id)))


def _due_at(cutover: Cutover, placing: CutoverStep) -> datetime:
    placed_at = placing.done_at or now()
    wait = WAITS[min(cutover.trials, len(WAITS) - 1)]
    return max(placed_at, cutover.tried_out_at or placed_at) + wait
