"""Reads for the pages of the porting desk."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, joinedload, selectinload

from provisioning.contract.porting import Filing, PortStatus
from service.desk.models import DeskNumber, DeskOrder
from service.desk.worklist import ENDED
from service.errors import NotFound
from service.porting.filing import filing_of
from service.porting.models import Attempt, CarrierOrder, PortProject


@dataclass(frozen=True, slots=True)
class Case:
    """An order at the desk and its project (None until the filing is settled)."""

    order: DeskOrder
    project: PortProject | None

    @property
    def counts(self) -> dict[PortStatus, int]:
        """How many of its numbers have each status."""
        return dict(Counter(number.status for number in self.order.numbers))


def open_cases(session: Session) -> list[Case]:
    """Orders with a number that has not ended yet, oldest first."""
    going = exists().where(DeskNumber.order_id == DeskOrder.id, DeskNumber.status.not_in(ENDED))
    rows = select(DeskOrder).where(going).order_by(DeskOrder.id).options(selectinload(DeskOrder.numbers))
    orders = list(session.scalars(rows))
    projects = _projects_of(session, [order.reference for order in orders])
    return [Case(order, projects.get(order.reference)) for order in orders]


def case_of(session: Session, order: DeskOrder) -> Case:
    """An order with its project."""
    return Case(order, _projects_of(session, [order.reference]).get(order.reference))


def order_of(session: Session, reference: str) -> DeskOrder:
    """An order by its reference. Raises `NotFound`."""
    order = session.scalar(select(DeskOrder).where(DeskOrder.reference == reference))
    if order is None:
        raise NotFound("We can’t find that order.")
    return order


def filing_for_papers(session: Session, order: DeskOrder) -> Filing:
    """The latest filing of an order, with its secrets, for its papers. Raises `NotFound` until it is settled."""
    filed = session.scalar(select(CarrierOrder).where(CarrierOrder.reference == order.reference))
    if filed is None:
        raise NotFound("We’re still sending this order. Try again in a moment.")
    return filing_of(session, filed.attempt)


def by_hand(session: Session, orders: Sequence[CarrierOrder]) -> set[str]:
    """The references of those orders that our staff work on by hand."""
    references = [order.reference for order in orders]
    return set(session.scalars(select(DeskOrder.reference).where(DeskOrder.reference.in_(references))))


def _projects_of(session: Session, references: Sequence[str]) -> dict[str, PortProject]:
    """The projects of filed orders with their workspaces, by the orders' references."""
    project = joinedload(CarrierOrder.attempt).joinedload(Attempt.project).joinedload(PortProject.workspace)
    filed = session.scalars(select(CarrierOrder).where(CarrierOrder.reference.in_(references)).options(project))
    return {order.reference: order.attempt.project for order in filed}
