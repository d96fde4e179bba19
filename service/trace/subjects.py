"""The rows that belong to a number, and how jobs, alerts and ledger entries name them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from service.ledger.models import EntryKind, LedgerEntry
from service.lines.models import PhoneNumber
from service.notifications.models import Notification
from service.porting.models import Attempt, CarrierOrder, PortNumber, PortProject
from service.porting.number_codes import NumberCode

_Ids = list[int]


@dataclass(frozen=True, slots=True)
class Subjects:
    """What belongs to a number (E.164): its ports with their projects, filings, orders and notices, and its places."""

    number: str
    port_numbers: _Ids
    projects: _Ids
    attempts: _Ids
    orders: list[CarrierOrder]
    phone_numbers: _Ids
    notices: _Ids
    codes: _Ids
    entries: _Ids

    def in_jobs(self) -> Iterator[dict[str, Any]]:
        """The ids by which jobs name these rows: a job is about the number if its own contain one of them."""
        named: dict[str, Sequence[int | str]] = {
            "port_number_id": self.port_numbers,
            "project_id": self.projects,
            "attempt_id": self.attempts,
            "order_id": [order.id for order in self.orders],
            "number_id": self.phone_numbers,
            "entry_id": self.entries,
            "reference": [order.reference for order in self.orders],
        }
        yield from ({name: key} for name, keys in named.items() for key in keys)
        yield from ({"port_number_ids": [key]} for key in self.port_numbers)

    def in_alerts(self) -> list[str]:
        """What alerts about these rows are about."""
        named = {
            "port_number": self.port_numbers,
            "port_project": self.projects,
            "order": [order.id for order in self.orders],
            "phone_number": self.phone_numbers,
            "ledger_entry": self.entries,
        }
        return [f"{name}:{key}" for name, keys in named.items() for key in keys]


def subjects_of(session: Session, number: str) -> Subjects:
    """All that belongs to a number, of every workspace that has or had it."""
    ports = select(PortNumber).where(PortNumber.number == number)
    projects = sorted({port.project_id for port in session.scalars(ports)})
    attempts = _ids(session, Attempt.id, Attempt.project_id.in_(projects))
    owed: dict[EntryKind, _Ids] = {EntryKind.FILE_PORT: attempts}
    owed[EntryKind.BUY_NUMBER] = places = _ids(session, PhoneNumber.id, PhoneNumber.number == number)
    notices = _ids(session, Notification.id, Notification.project_id.in_(projects))
    owed[EntryKind.SEND_TEXT] = owed[EntryKind.SEND_MAIL] = notices
    owed[EntryKind.SEND_NUMBER_CODE] = codes = _ids(session, NumberCode.id, NumberCode.number == number)
    return Subjects(
        number=number,
        port_numbers=[port.id for port in session.scalars(ports)],
        projects=projects,
        attempts=attempts,
        orders=list(session.scalars(select(CarrierOrder).where(CarrierOrder.attempt_id.in_(attempts)))),
        phone_numbers=places,
        notices=notices,
        codes=codes,
        entries=_ids(session, LedgerEntry.id, or_(*_owed(owed))),
    )


def secrets_of(session: Session, subjects: Subjects) -> list[str]:
    """What customers entrusted to us about the number: account numbers, PINs and subscriber ids."""
    secrets = (PortProject.account_number, PortProject.pin, PortProject.subscriber_id)
    rows = session.execute(select(*secrets).where(PortProject.id.in_(subjects.projects)))
    return sorted({secret for row in rows for secret in row if secret}, key=len, reverse=True)


def _ids(session: Session, column: InstrumentedAttribute[int], which: ColumnElement[bool]) -> _Ids:
    return list(session.scalars(select(column).where(which).order_by(column)))


def _owed(owed: dict[EntryKind, _Ids]) -> Iterable[ColumnElement[bool]]:
    return [(LedgerEntry.kind == kind) & LedgerEntry.subject_id.in_(ids) for kind, ids in owed.items()]
