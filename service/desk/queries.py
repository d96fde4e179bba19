"""Reads for the desk's own pages."""

from collections import Counter
from dataclasses import dataclass

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, selectinload

from provisioning.contract.porting import Filing, PortStatus
from service.desk.models import DeskNumber, DeskOrder
from service.desk.worklist import ENDED
from service.errors import NotFound
from service.porting.filing import filing_of
from service.porting.models import CarrierOrder, PortProject


@dataclass(frozen=True, slots=True)
class Case:
    """An order before the desk, and the project it came from (None for the moment until its filing is settled)."""

    order: DeskOrder
    project: PortProject | None

    @property
    def counts(self) -> dict[PortStatus, int]:
        """How many of its numbers are where."""
        return dict(Counter(number.status for number in self.order.numbers))


def open_cases(session: Session) -> list[Case]:
    """Orders with a number that has not ended, oldest first."""
    going = exists().where(DeskNumber.order_id == DeskOrder.id, DeskNumber.status.not_in(ENDED))
    rows = select(DeskOrder).where(going).order_by(DeskOrder.id).options(selectinload(DeskOrder.numbers))
    return [case_of(session, order) for order in session.scalars(rows)]


def case_of(session: Session, order: DeskOrder) -> Case:
    """An order with its project."""
    filed = session.scalar(select(CarrierOrder).where(CarrierOrder.reference == order.reference))
    return Case(order, filed.attempt.project if filed else None)


def order_of(session: Session, reference: str) -> DeskOrder:
    """An order by its reference. Raises `NotFound`."""
    order = session.scalar(select(DeskOrder).where(DeskOrder.reference == reference))
    if order is None:
        raise NotFound("There is no such order.")
    return order


def filing_for_papers(session: Session, order: DeskOrder) -> Filing:
    """What the papers are made of: the latest filing of the order, with its secrets. Raises `NotFound` until known."""
    filed = session.scalar(select(CarrierOrder).where(CarrierOrder.reference == order.reference))
    if filed is None:
        raise NotFound("This order is still being filed. Try again in a moment.")
    return filing_of(session, filed.attempt)
