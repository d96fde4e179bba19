"""Asking carriers whether a number can be ported, which operator it is at, and for the state of an order."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from provisioning.contract.errors import NotFound, Refused
from provisioning.contract.porting import OrderSnapshot, Verdict
from service.alerts import AlertKind, alert
from service.carrier_choice import Choice
from service.carrier_cursors import silent_carriers
from service.porting.cases import list_again
from service.porting.choice import choose
from service.porting.due import due_day
from service.porting.learning import learn, learn_that_it_is_gone, may_be_gone
from service.porting.models import CarrierOrder, PortNumber, PortProject
from service.porting.splits import order_split_off
from service.porting.targets import targets_for
from service.queue import task
from service.services import Services
from service.time import now

ASKED_AT_ONCE = 25
"""How many numbers one job asks about, one after the other. The worker limits how many jobs run at a time."""


def ask_about_numbers(session: Session, numbers: Sequence[PortNumber]) -> None:
    """Queue the questions whether these numbers can be ported."""
    for first in range(0, len(numbers), ASKED_AT_ONCE):
        batch = [number.id for number in numbers[first : first + ASKED_AT_ONCE]]
        ask_portability.defer(session, port_number_ids=batch)


@task
def ask_portability(services: Services, *, port_number_ids: list[int]) -> None:
    """Ask whether numbers can be ported, and by which carrier, and store the answers.

    If the carrier fails, the answers so far are stored, and the job is tried again for the rest.
    """
    with services.sessions() as session:
        unasked = (PortNumber.id.in_(port_number_ids), PortNumber.asked_at.is_(None))
        numbers = list(session.scalars(select(PortNumber).where(*unasked).order_by(PortNumber.id)))
        silent = silent_carriers(session)
    choices: dict[int, Choice] = {}
    try:
        for number in numbers:
            choices[number.id] = choose(services, number.number, silent)
    finally:
        _keep(services, choices)


def _keep(services: Services, choices: dict[int, Choice]) -> None:
    with services.sessions.begin() as session:
        known = session.scalars(select(PortNumber).where(PortNumber.id.in_(choices))).all()
        targets = targets_for(session, services.settings, [asked.project.workspace_id for asked in known])
        for asked in known:
            choice = choices[asked.id]
            answer = choice.answer
            asked.carrier, asked.passed_over = choice.carrier, dict(choice.passed_over)
            asked.verdict = answer.verdict
            asked.kind = answer.kind
            asked.needs_account_and_pin = answer.needs_account_and_pin
            asked.asked_at = now()
            asked.due_on = asked.due_on or due_day(targets[asked.project.workspace_id], asked)
            asked.reasons = [answer.reason.code.value] if answer.reason and answer.verdict is not Verdict.YES else []
        list_again(session, (asked.project_id for asked in known))


@task
def ask_operator(services: Services, *, project_id: int) -> None:
    """Ask once which operator a project's first number is at; all numbers of a project belong to one account there.

    The answer only improves advice, so nothing waits for it; without one, the advice is for any operator.
    """
    with services.sessions() as session:
        project = session.get_one(PortProject, project_id)
        number = next((number.number for number in project.numbers), "")
    lookup = services.network(services.home).lookup
    if project.operator is not None or not number or lookup is None:
        return
    try:
        operator = lookup.operator_of(number)
    except (NotFound, Refused):
        operator = ""
    with services.sessions.begin() as session:
        session.get_one(PortProject, project_id).operator = operator[:LONGEST_NAME]
        list_again(session, [project_id])


LONGEST_NAME = 100
"""Characters of an operator's name that are kept."""


@task
def ask_carrier(services: Services, *, order_id: int) -> None:
    """Fetch an order from its carrier and apply what is new.

    It counts as asked when the question was put, not when its answer was written: a rehearsal's clock may be wound on
    in between, and the answer is of the time before.
    """
    asked_at = now()
    with services.sessions() as session:
        order = session.get_one(CarrierOrder, order_id)
    try:
        snapshot = services.carriers[order.carrier].porting.fetch(order.reference)
    except NotFound:
        with services.sessions.begin() as session:
            _not_found(session, services, session.get_one(CarrierOrder, order_id))
        return
    with services.sessions.begin() as session:
        order = session.get_one(CarrierOrder, order_id)
        order.asked_at = asked_at
        learn(session, services, order, snapshot)


def _not_found(session: Session, services: Services, order: CarrierOrder) -> None:
    """Drafts may vanish; as other orders do not, an operator has to look."""
    if may_be_gone(order):
        learn_that_it_is_gone(session, services, order)
    else:
        alert(session, AlertKind.ORDER_UNKNOWN_AT_CARRIER, f"order:{order.id}", reference=order.reference)


@task
def ask_about(services: Services, *, carrier: str, reference: str) -> None:
    """Ask the carrier about an order that a callback named.

    An order that we do not know was split off one of ours, or is just being filed (a callback can overtake the answer
    to our filing; settling the filing asks again), or was made by another program in our account, which an operator
    should know.
    """
    with services.sessions() as session:
        named = (CarrierOrder.carrier == carrier, CarrierOrder.reference == reference)
        order_id = session.scalar(select(CarrierOrder.id).where(*named))
    snapshot = None if order_id else _fetched(services, carrier, reference)
    with services.sessions.begin() as session:
        split_off = order_split_off(session, carrier, snapshot) if snapshot else None
        if known := split_off.id if split_off else order_id:
            ask_carrier.hurry(session, order_id=known)
        else:
            alert(session, AlertKind.CALLBACK_FOR_UNKNOWN_ORDER, f"{carrier}:{reference}")


def _fetched(services: Services, carrier: str, reference: str) -> OrderSnapshot | None:
    try:
        return services.carriers[carrier].porting.fetch(reference)
    except NotFound:
        return None
