"""Canceling or correcting an order that was filed. Both are idempotent."""

from collections.abc import Callable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from provisioning.contract.errors import Conflict, NotFound, Refused
from provisioning.contract.porting import CancelAnswer, ChangeAnswer, Filing
from provisioning.contract.porting_facet import Porting
from service.alerts import AlertKind, alert
from service.porting.asking import ask_carrier
from service.porting.completing import complete_at_carrier, holds_unwanted
from service.porting.filing import filing_of, reject
from service.porting.learning import stated_date
from service.porting.models import Attempt, CarrierOrder, Cause, PortNumber
from service.porting.queries import locked_numbers
from service.porting.states import NOT_WANTED, Fact
from service.porting.transitions import Transition, transition_together
from service.queue import task
from service.services import Services


def ask_to_cancel(session: Session, numbers: Sequence[PortNumber]) -> None:
    """Queue the requests to cancel these numbers, one for each order."""
    for order_id in dict.fromkeys(number.order_id for number in numbers):
        if order_id:
            ids = [number.id for number in numbers if number.order_id == order_id]
            cancel_at_carrier.defer(session, order_id=order_id, port_number_ids=ids)


@task
def cancel_at_carrier(services: Services, *, order_id: int, port_number_ids: list[int]) -> None:
    """Ask the carrier to cancel numbers of an order. They count as canceled only when the order itself shows it."""
    with services.sessions() as session:
        order = session.get_one(CarrierOrder, order_id)
        concerned = [number for number in order.numbers if number.id in port_number_ids]
        whole = all(number in concerned or number.state in NOT_WANTED for number in order.numbers)
        is_draft = holds_unwanted(concerned)
    named = () if whole else tuple(number.number for number in concerned)
    answer = _cancel(services.carriers[order.carrier].porting, order.reference, named)
    with services.sessions.begin() as session:
        if answer is CancelAnswer.TOO_LATE:
            _deny_cancel(session, services, order_id, port_number_ids)
        elif answer is CancelAnswer.NEEDS_STAFF and is_draft:  # nothing was sent that staff could take out
            complete_at_carrier.defer(session, order_id=order_id)
        elif answer is CancelAnswer.NEEDS_STAFF:
            numbers = [number.number for number in concerned]
            alert(session, AlertKind.CANCEL_NEEDS_STAFF, f"order:{order_id}", numbers=numbers)
        ask_carrier.defer(session, order_id=order_id)


def _cancel(porting: Porting, reference: str, numbers: tuple[str, ...]) -> CancelAnswer:
    """The carrier's answer. What has become of an order that it no longer has, asking about it will show."""
    try:
        return porting.cancel(reference, numbers)
    except NotFound:
        return CancelAnswer.ACCEPTED


def _deny_cancel(session: Session, services: Services, order_id: int, port_number_ids: Sequence[int]) -> None:
    ours = (PortNumber.order_id == order_id, PortNumber.id.in_(port_number_ids))
    rows = session.scalars(select(PortNumber).where(*ours).order_by(PortNumber.id).with_for_update())
    denied = [Transition(one, Fact.CANCEL_DENIED, {"date": stated_date(one), "old_date": ""}) for one in rows]
    transition_together(session, services, denied, Cause.CARRIER)


@task
def correct_at_carrier(services: Services, *, order_id: int, attempt_id: int) -> None:
    """Send corrected data for a draft or a rejected order.

    At a carrier that takes none, where another carrier is to go on, and of a draft that holds numbers which were called
    off, the order is canceled and filed anew. If the carrier refuses them, the numbers are rejected.
    """
    with services.sessions() as session:
        order, attempt = session.get_one(CarrierOrder, order_id), session.get_one(Attempt, attempt_id)
        filing, left_out = filing_of(session, attempt), holds_unwanted(order.numbers)
        stays = attempt.carrier == order.carrier and not left_out
        freed = () if left_out else tuple(filed.number for filed in filing.numbers)
    porting = services.carriers[order.carrier].porting
    try:
        answer, canceled = _supplement(porting, order.reference, filing, stays=stays, freed=freed)
    except (Refused, Conflict) as error:
        _write_refused(services, order_id, attempt_id, error)
        return
    with services.sessions.begin() as session:
        if canceled is CancelAnswer.TOO_LATE:
            numbers = [filed.number for filed in filing.numbers]
            _deny_cancel(session, services, order_id, _named(session, order_id, numbers))
            answer = ChangeAnswer.APPLIED
        elif canceled is CancelAnswer.NEEDS_STAFF:
            answer = ChangeAnswer.NEEDS_STAFF
        _AFTER_CORRECTION[answer](session, order_id, attempt_id)
        ask_carrier.defer(session, order_id=order_id)


def _supplement(
    porting: Porting, reference: str, filing: Filing, *, stays: bool, freed: tuple[str, ...]
) -> tuple[ChangeAnswer, CancelAnswer | None]:
    """The carrier's answers. To be filed anew, the `freed` numbers of an order are canceled, or all of it without any.

    An order that the carrier no longer has is filed anew, as asking about it will show.
    """
    try:
        answer = porting.supplement(reference, filing) if stays else ChangeAnswer.MUST_REFILE
        if answer is not ChangeAnswer.MUST_REFILE:
            return answer, None
        return answer, porting.cancel(reference, freed)
    except NotFound:
        return ChangeAnswer.MUST_REFILE, None


def _write_refused(services: Services, order_id: int, attempt_id: int, error: Refused | Conflict) -> None:
    """Reject the numbers of an order, which belongs to the new attempt: the next correction is about that."""
    with services.sessions.begin() as session:
        _taken_in(session, order_id, attempt_id)
        reject(session, services, locked_numbers(session, order_id), error)


def _named(session: Session, order_id: int, numbers: Sequence[str]) -> Sequence[int]:
    return session.scalars(
        select(PortNumber.id).where(PortNumber.order_id == order_id, PortNumber.number.in_(numbers))
    ).all()


def _taken_in(session: Session, order_id: int, attempt_id: int) -> None:
    """The order now belongs to the new attempt."""
    session.get_one(CarrierOrder, order_id).attempt_id = attempt_id


def _to_be_filed(session: Session, order_id: int, attempt_id: int) -> None:
    """Nothing to do now: the new attempt is filed when the carrier reports the old order as canceled."""


def _to_the_desk(session: Session, order_id: int, attempt_id: int) -> None:
    alert(session, AlertKind.CORRECTION_NEEDS_STAFF, f"order:{order_id}", attempt=attempt_id)


_AFTER_CORRECTION: dict[ChangeAnswer, Callable[[Session, int, int], None]] = {
    ChangeAnswer.APPLIED: _taken_in,
    ChangeAnswer.MUST_REFILE: _to_be_filed,
    ChangeAnswer.NEEDS_STAFF: _to_the_desk,
}
