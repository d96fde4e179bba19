"""Port orders at the carrier compared with ours, and the status of each number with the state we show."""

from collections.abc import Iterator, Mapping
from typing import Final

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from provisioning.contract.errors import NotFound
from provisioning.contract.porting import OrderSnapshot, PortStatus
from service.audit.period import Period
from service.ledger.models import EntryKind, LedgerEntry, Progress
from service.porting.learning import may_be_gone
from service.porting.models import CarrierOrder, PortHistory, PortNumber
from service.porting.states import CALLED_OFF, FINAL, State
from service.services import Services

FITTING: Final[Mapping[PortStatus, frozenset[State]]] = {
    PortStatus.DRAFT: frozenset({State.SUBMITTING, State.ACTION_REQUIRED, State.CANCEL_REQUESTED}),
    PortStatus.IN_REVIEW: frozenset({State.IN_REVIEW, State.CANCEL_REQUESTED}),
    PortStatus.AWAITING_SIGNATURE: frozenset({State.AWAITING_SIGNATURE, State.CANCEL_REQUESTED}),
    PortStatus.WITH_LOSING_CARRIER: frozenset({State.WITH_LOSING_CARRIER, State.CANCEL_REQUESTED}),
    PortStatus.SCHEDULED: frozenset({State.SCHEDULED, State.ACTIVATING, State.CANCEL_REQUESTED}),
    PortStatus.ACTIVATING: frozenset({State.ACTIVATING, State.CANCEL_REQUESTED}),
    PortStatus.PORTED: frozenset({State.PORTED, State.LIVE, State.RETURNED}),
    PortStatus.REJECTED: frozenset({State.ACTION_REQUIRED, State.NOT_PORTABLE, State.CANCEL_REQUESTED}),
    PortStatus.CANCEL_REQUESTED: frozenset({State.CANCEL_REQUESTED}),
    PortStatus.CANCELED: CALLED_OFF,
    PortStatus.EXPIRED: frozenset({State.EXPIRED, State.CANCELED}),
    PortStatus.NOT_PORTABLE: frozenset({State.NOT_PORTABLE, State.CANCELED}),
    PortStatus.UNKNOWN: frozenset(State),
}
"""The states a number may be in with us while the carrier reports this status."""


_ENDING: Final = frozenset({PortStatus.CANCEL_REQUESTED, PortStatus.CANCELED, PortStatus.EXPIRED})


def differences(services: Services, carrier: str, period: Period) -> Iterator[str]:
    """Orders of the period that only the carrier has, and differences in orders that are open or ended in it."""
    listed = services.carriers[carrier].porting.recent(period.since)
    with services.sessions() as session:
        strangers = [] if _is_filing(session) else _unknown(session, carrier, listed)
        compared = _to_compare(session, carrier, period)
    for reference in strangers:
        if not _has_ended(services, carrier, reference):
            yield f"Order {reference} is at {carrier} and in no row of ours."
    for order in compared:
        yield from _about(services, order)


def _is_filing(session: Session) -> bool:
    """Whether a filing still awaits its answer: then an order unknown to us may be the result of that filing."""
    return bool(
        session.scalar(
            select(exists().where(LedgerEntry.kind == EntryKind.FILE_PORT, LedgerEntry.progress == Progress.TRYING)),
        )
    )


def _unknown(session: Session, carrier: str, references: list[str]) -> list[str]:
    ours = (CarrierOrder.carrier == carrier, CarrierOrder.reference.in_(references))
    known = set(session.scalars(select(CarrierOrder.reference).where(*ours)))
    return [reference for reference in references if reference not in known]


def _has_ended(services: Services, carrier: str, reference: str) -> bool:
    """Whether an order moves nothing any more, or is about to be canceled."""
    said = services.carriers[carrier].porting.fetch(reference).numbers
    return all(number.status in _ENDING for number in said)


def _to_compare(session: Session, carrier: str, period: Period) -> list[CarrierOrder]:
    lately = PortNumber.history.any(PortHistory.at >= period.since)
    moving = CarrierOrder.numbers.any(or_(PortNumber.state.not_in(FINAL), lately))
    orders = select(CarrierOrder).where(CarrierOrder.carrier == carrier, moving)
    return list(session.scalars(orders.order_by(CarrierOrder.id)))


def _about(services: Services, order: CarrierOrder) -> Iterator[str]:
    """Compare one order. Our rows are read after the carrier's answer; an unread callback (`told_at`) excuses all."""
    try:
        snapshot = services.carriers[order.carrier].porting.fetch(order.reference)
    except NotFound:
        if not _may_be_gone(services, order):
            yield f"Order {order.reference} is in a row of ours and not at {order.carrier}."
        return
    with services.sessions() as session:
        known = session.get_one(CarrierOrder, order.id)
        if known.told_at is None:
            yield from _compared(known, snapshot)


def _may_be_gone(services: Services, order: CarrierOrder) -> bool:
    with services.sessions() as session:
        return may_be_gone(session.get_one(CarrierOrder, order.id))


def _compared(order: CarrierOrder, snapshot: OrderSnapshot) -> Iterator[str]:
    """Compare number by number, leaving out numbers that were corrected or filed anew in another attempt."""
    statuses = {number.number: number.status for number in snapshot.numbers}
    for number in order.numbers:
        status = statuses.get(number.number)
        if number.attempt_id != order.attempt_id or (status and number.state in FITTING[status]):
            continue
        theirs = f"{status} at {order.carrier}" if status else f"not in it at {order.carrier}"
        yield f"Number {number.number} of order {order.reference} is {number.state} with us and {theirs}."
