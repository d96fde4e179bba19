"""Calls to the carrier about ports that may be repeated: asking, cancelling, correcting."""

from collections.abc import Callable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from provisioning.contract.errors import NotFound, Refused
from provisioning.contract.porting import CancelAnswer, ChangeAnswer, Portability, Verdict
from service.alerts import alert
from service.ledger.models import EffectKind
from service.ledger.promises import owe
from service.porting.choice import choose
from service.porting.filing import filing_of
from service.porting.learning import date_as_told, learn
from service.porting.models import Attempt, CarrierOrder, Cause, PortNumber, PortProject
from service.porting.moves import Move, move_together
from service.porting.states import Fact
from service.queue import Lane, task
from service.services import Services
from service.time import now

ASKED_AT_ONCE = 25
"""So many numbers are asked about in one job, one after the other; the workers bound how many jobs run at a time."""


def ask_about_numbers(session: Session, numbers: Sequence[PortNumber]) -> None:
    """Have the carriers asked soon whether these numbers can be brought in."""
    for first in range(0, len(numbers), ASKED_AT_ONCE):
        batch = [number.id for number in numbers[first : first + ASKED_AT_ONCE]]
        ask_portability.defer(session, port_number_ids=batch)


@task(Lane.CARRIER)
def ask_portability(services: Services, *, port_number_ids: list[int]) -> None:
    """Ask whether numbers can be brought in, and by whom, and keep the answers beside them.

    When the carrier has had enough for now, what it said so far is kept, and the job comes back for the rest.
    """
    with services.sessions() as session:
        unasked = (PortNumber.id.in_(port_number_ids), PortNumber.asked_at.is_(None))
        numbers = list(session.scalars(select(PortNumber).where(*unasked).order_by(PortNumber.id)))
    answers: dict[int, tuple[str, Portability]] = {}
    try:
        for number in numbers:
            answers[number.id] = choose(services, number.number)
    finally:
        _keep(services, answers)


def _keep(services: Services, answers: dict[int, tuple[str, Portability]]) -> None:
    with services.sessions.begin() as session:
        for asked in session.scalars(select(PortNumber).where(PortNumber.id.in_(answers))):
            asked.carrier, answer = answers[asked.id]
            asked.verdict = answer.verdict
            asked.kind = answer.kind
            asked.needs_account_and_pin = answer.needs_account_and_pin
            asked.asked_at = now()
            asked.reasons = [answer.reason.code.value] if answer.reason and answer.verdict is not Verdict.YES else []


@task(Lane.CARRIER)
def ask_operator(services: Services, *, project_id: int) -> None:
    """Ask which operator a project's first number is at, once: all its numbers are of one account there.

    It only words advice, so nothing waits for it and a refusal is no trouble: then the advice fits most operators.
    """
    with services.sessions() as session:
        project = session.get_one(PortProject, project_id)
        number = next((number.number for number in project.numbers), "")
    if project.operator is not None or not number:
        return
    try:
        operator = services.network(services.home).lookup.operator_of(number)
    except (NotFound, Refused):
        operator = ""
    with services.sessions.begin() as session:
        session.get_one(PortProject, project_id).operator = operator[:LONGEST_NAME]


LONGEST_NAME = 100
"""Characters of an operator's name that are kept."""


@task(Lane.CARRIER, lock="order:{order_id}")
def ask_carrier(services: Services, *, order_id: int) -> None:
    """Fetch an order and learn from it."""
    with services.sessions() as session:
        order = session.get_one(CarrierOrder, order_id)
    try:
        snapshot = services.carriers[order.carrier].porting.fetch(order.reference)
    except NotFound:
        # not "done": an order does not vanish, so somebody has to look
        with services.sessions.begin() as session:
            alert(session, "order_unknown_at_carrier", f"order:{order_id}", reference=order.reference)
        return
    with services.sessions.begin() as session:
        learn(session, services, session.get_one(CarrierOrder, order_id), snapshot)


@task(Lane.READING)
def ask_about(services: Services, *, carrier: str, reference: str) -> None:
    """A callback named an order: ask the carrier about it.

    One we do not know is either being filed this moment (a callback can overtake the answer to our own call; settling
    the filing asks again) or was made by somebody else in our account, which an operator should know.
    """
    with services.sessions.begin() as session:
        named = (CarrierOrder.carrier == carrier, CarrierOrder.reference == reference)
        order_id = session.scalar(select(CarrierOrder.id).where(*named))
        if order_id:
            ask_carrier.hurry(session, order_id=order_id)
        else:
            alert(session, "callback_for_unknown_order", f"{carrier}:{reference}")


def ask_to_cancel(session: Session, numbers: Sequence[PortNumber]) -> None:
    """Have the carrier asked to cancel these numbers, order by order."""
    for order_id in dict.fromkeys(number.order_id for number in numbers):
        if order_id:
            ids = [number.id for number in numbers if number.order_id == order_id]
            cancel_at_carrier.defer(session, order_id=order_id, port_number_ids=ids)


# not the lock of asking: one that waits for its next try would hold up the news of a number that comes after all
@task(Lane.CARRIER, lock="change:{order_id}")
def cancel_at_carrier(services: Services, *, order_id: int, port_number_ids: list[int]) -> None:
    """Ask the carrier to cancel numbers of an order. Granted is what the order says later, not this answer."""
    with services.sessions() as session:
        order = session.get_one(CarrierOrder, order_id)
        concerned = [number for number in order.numbers if number.id in port_number_ids]
        whole = len(concerned) == len(order.numbers)
    named = () if whole else tuple(number.number for number in concerned)
    answer = services.carriers[order.carrier].porting.cancel(order.reference, named)
    with services.sessions.begin() as session:
        if answer is CancelAnswer.TOO_LATE:
            _deny_cancel(session, services, order_id, port_number_ids)
        elif answer is CancelAnswer.NEEDS_STAFF:
            numbers = [number.number for number in concerned]
            alert(session, "cancel_needs_staff", f"order:{order_id}", numbers=numbers)
        ask_carrier.defer(session, order_id=order_id)


def _deny_cancel(session: Session, services: Services, order_id: int, port_number_ids: Sequence[int]) -> None:
    ours = (PortNumber.order_id == order_id, PortNumber.id.in_(port_number_ids))
    rows = session.scalars(select(PortNumber).where(*ours).order_by(PortNumber.id).with_for_update())
    denied = [Move(one, Fact.CANCEL_DENIED, {"date": date_as_told(one), "old_date": ""}) for one in rows]
    move_together(session, services, denied, Cause.CARRIER)


@task(Lane.CARRIER, lock="change:{order_id}")
def correct_at_carrier(services: Services, *, order_id: int, attempt_id: int) -> None:
    """Send corrected data for a rejected order; a carrier without such a call has it cancelled and filed anew."""
    with services.sessions() as session:
        order = session.get_one(CarrierOrder, order_id)
        filing = filing_of(session, session.get_one(Attempt, attempt_id))
    porting = services.carriers[order.carrier].porting
    answer = porting.supplement(order.reference, filing)
    numbers = tuple(number.number for number in filing.numbers)
    canceled = porting.cancel(order.reference, numbers) if answer is ChangeAnswer.MUST_REFILE else None
    with services.sessions.begin() as session:
        if canceled is CancelAnswer.TOO_LATE:
            _deny_cancel(session, services, order_id, _named(session, order_id, numbers))
            answer = ChangeAnswer.APPLIED
        elif canceled is CancelAnswer.NEEDS_STAFF:
            answer = ChangeAnswer.NEEDS_STAFF
        _AFTER_CORRECTION[answer](session, order_id, attempt_id)
        ask_carrier.defer(session, order_id=order_id)


def _named(session: Session, order_id: int, numbers: Sequence[str]) -> Sequence[int]:
    return session.scalars(
        select(PortNumber.id).where(PortNumber.order_id == order_id, PortNumber.number.in_(numbers))
    ).all()


def _taken_in(session: Session, order_id: int, attempt_id: int) -> None:
    """The order goes on under the new attempt."""
    session.get_one(CarrierOrder, order_id).attempt_id = attempt_id


def _to_be_filed(session: Session, order_id: int, attempt_id: int) -> None:
    """The order is ending; when the carrier says so, the new attempt is filed."""


def _to_the_desk(session: Session, order_id: int, attempt_id: int) -> None:
    alert(session, "correction_needs_staff", f"order:{order_id}", attempt=attempt_id)


_AFTER_CORRECTION: dict[ChangeAnswer, Callable[[Session, int, int], None]] = {
    ChangeAnswer.APPLIED: _taken_in,
    ChangeAnswer.MUST_REFILE: _to_be_filed,
    ChangeAnswer.NEEDS_STAFF: _to_the_desk,
}


def file_when_free(session: Session, attempt_id: int) -> None:
    """Owe the filing of an attempt once no number of it is held by an older order any more."""
    numbers = session.scalars(select(PortNumber).where(PortNumber.attempt_id == attempt_id))
    if all(is_free(number) for number in numbers):
        owe(session, EffectKind.FILE_PORT, attempt_id)


def is_free(number: PortNumber) -> bool:
    """Whether no order that we know of holds a number: it was never filed, or what was filed has ended."""
    return number.order_id is None or number.seen.get("status") in {"canceled", "expired"}
