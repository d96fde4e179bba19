"""The worklist of a carrier whose orders our porting desk works on, stored in the desk's tables.

Its methods open their own transactions, because callers treat them like requests to a carrier.
"""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from provisioning.contract.porting import (
    CommittedDate,
    Filing,
    NumberSnapshot,
    OrderSnapshot,
    PortStatus,
    Reason,
    ReasonCode,
)
from service.db import Sessions
from service.desk.models import DeskNumber, DeskOrder
from service.time import now

ENDED = frozenset({PortStatus.PORTED, PortStatus.CANCELED, PortStatus.NOT_PORTABLE})


class DeskWorklist:
    """Implements `provisioning.contract.worklist.Worklist`."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions

    def put(self, filing: Filing) -> OrderSnapshot:
        """Add a filing to the worklist, once for each reference."""
        with self._sessions.begin() as session:
            fresh = insert(DeskOrder).values(reference=filing.reference, made_at=now()).on_conflict_do_nothing()
            order_id = session.scalar(fresh.returning(DeskOrder.id))
            if order_id:
                session.add_all(DeskNumber(order_id=order_id, number=filed.number) for filed in filing.numbers)
                session.flush()
            return _snapshot(session.scalars(_named(filing.reference)).one())

    def read(self, reference: str) -> OrderSnapshot | None:
        """An order as the desk has it now, or None."""
        with self._sessions() as session:
            order = session.scalar(_named(reference))
            return _snapshot(order) if order else None

    def since(self, moment: datetime) -> list[str]:
        """References of the orders put since then (aware UTC), oldest first."""
        with self._sessions() as session:
            made = select(DeskOrder.reference).where(DeskOrder.made_at >= moment)
            return list(session.scalars(made.order_by(DeskOrder.id)))

    def correct(self, reference: str, filing: Filing) -> None:
        """Reset the status of the corrected numbers; the papers are made from the project's current data."""
        with self._sessions.begin() as session:
            for number in _going(session, reference, [filed.number for filed in filing.numbers]):
                number.status, number.day, number.reasons = PortStatus.IN_REVIEW, None, []

    def cancel(self, reference: str, numbers: tuple[str, ...]) -> None:
        """Mark the numbers that have not ended for the desk to cancel."""
        with self._sessions.begin() as session:
            for number in _going(session, reference, numbers):
                number.status = PortStatus.CANCEL_REQUESTED


def _named(reference: str) -> Select[DeskOrder]:
    return select(DeskOrder).where(DeskOrder.reference == reference)


def _going(session: Session, reference: str, numbers: Iterable[str]) -> Iterable[DeskNumber]:
    """Those of the numbers that have not ended, their rows locked against an answer entered at the same time."""
    rows = (
        select(DeskNumber)
        .join(DeskNumber.order)
        .where(DeskOrder.reference == reference, DeskNumber.number.in_(numbers), DeskNumber.status.not_in(ENDED))
        .order_by(DeskNumber.id)
    )
    return session.scalars(rows.with_for_update(of=DeskNumber))


def _snapshot(order: DeskOrder) -> OrderSnapshot:
    snapshots = tuple(_number(number) for number in order.numbers)
    return OrderSnapshot(order.reference, "by hand", snapshots)


def _number(number: DeskNumber) -> NumberSnapshot:
    return NumberSnapshot(
        number=number.number,
        status=number.status,
        word=number.status.value,
        committed=CommittedDate(number.day) if number.day else None,
        reasons=tuple(Reason(ReasonCode(code)) for code in number.reasons),
        network=number.network,
    )
