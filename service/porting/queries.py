"""Reads about ports, for pages and jobs."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, case, exists, func, or_, select
from sqlalchemy.dialects.postgresql import aggregate_order_by, distinct_on
from sqlalchemy.orm import Session, contains_eager, joinedload, selectinload

from service.accounts.models import IN_CHARGE, Grant, Member
from service.errors import NotFound
from service.phone_numbers import digits_sought
from service.porting.models import CarrierOrder, PortHistory, PortNumber, PortProject
from service.porting.reasons import wrong_fields
from service.porting.rollup import ProjectState, project_state
from service.porting.states import CALLED_OFF, FINAL, Fact, State
from service.time import now

YOURS: Final = frozenset({State.ACTION_REQUIRED, State.AWAITING_SIGNATURE})
"""States that wait for the customer."""

_AT_CARRIERS: Final = [state for state in State if state not in {*FINAL, State.DRAFT, State.PORTED}]

_WITH_ORDERS: Final = selectinload(PortProject.numbers).selectinload(PortNumber.order)
"""Loads the numbers of projects with their orders at once: the carrier of a number is that of its order.

Not by a join: a number is locked by refreshing it (`FOR UPDATE`), which PostgreSQL refuses on an outer join.
"""


def project_for(session: Session, member: Member, public_id: str) -> PortProject:
    """One project that a member sees. Raises `NotFound`, also for another workspace's."""
    named = select(PortProject).where(ports_seen_by(member), PortProject.public_id == public_id)
    project = session.scalar(named.options(_WITH_ORDERS))
    if project is None:
        raise NotFound("We can’t find that transfer.")
    return project


def project_named(session: Session, public_id: str) -> PortProject:
    """A project of any workspace, for our staff. Raises `NotFound`."""
    project = session.scalar(select(PortProject).where(PortProject.public_id == public_id).options(_WITH_ORDERS))
    if project is None:
        raise NotFound("We can’t find that transfer.")
    return project


def projects_for(session: Session, member: Member) -> list[PortProject]:
    """The projects that a member sees, newest first, with their numbers."""
    seen = select(PortProject).where(ports_seen_by(member)).options(selectinload(PortProject.numbers))
    return list(session.scalars(seen.order_by(PortProject.id.desc())))


def projects_before(session: Session, member: Member, before: int, most: int) -> list[PortProject]:
    """The newest projects that a member sees; `before` is the id where a page ended, 0 for the first one."""
    seen = select(PortProject).where(ports_seen_by(member)).options(_WITH_ORDERS)
    older = seen.where(PortProject.id < before) if before else seen
    return list(session.scalars(older.order_by(PortProject.id.desc()).limit(most)))


def open_projects(session: Session) -> list[PortProject]:
    """Every customer's project that is under way, oldest first: the porting desk's view."""
    under_way = PortNumber.state.not_in([*FINAL, State.DRAFT])
    shown = joinedload(PortProject.workspace), _WITH_ORDERS
    rows = select(PortProject).where(PortProject.numbers.any(under_way)).options(*shown)
    return list(session.scalars(rows.order_by(PortProject.id).limit(200)))


def state_of(project: PortProject) -> ProjectState:
    """The state of a project, computed from those of its numbers."""
    return project_state(number.state for number in project.numbers)


def yours_first(projects: Iterable[PortProject]) -> list[PortProject]:
    """Projects that wait for the customer first, otherwise in the given order."""
    return sorted(projects, key=lambda project: not any(number.state in YOURS for number in project.numbers))


@dataclass(frozen=True, slots=True)
class Happened:
    """The same event of some numbers within a minute: the first of them (E.164), and how many they are.

    `id` and `at` (aware UTC) are those of the first row; `date` is what an old operator committed to, else None.
    """

    id: int
    at: datetime
    event: str
    date: str | None
    number: str
    count: int


def timeline(session: Session, project: PortProject, *, before: int | None = None, most: int) -> list[Happened]:
    """The latest that happened to a project's numbers, newest first, without puzzling facts, which are for operators.

    Continues `before` the id of an earlier answer's last.
    """
    date = case((PortHistory.event == Fact.DATE_COMMITTED, PortHistory.details["date"].astext))
    minute = func.date_trunc("minute", PortHistory.at)
    one = (
        select(
            PortHistory.id,
            PortHistory.at,
            PortHistory.event,
            PortNumber.number,
            date.label("date"),
            minute.label("minute"),
        )
        .join(PortNumber)
        .where(PortNumber.project_id == project.id, PortHistory.puzzling.is_(False))
        .subquery()
        .c
    )
    first = func.min(one.id)
    numbers = func.array_agg(aggregate_order_by(one.number, one.id))
    rows = (
        select(first, func.min(one.at), one.event, one.date, numbers[1], func.count(one.number.distinct()))
        .group_by(one.minute, one.event, one.date)
        .order_by(first.desc())
        .limit(most)
    )
    if before is not None:
        rows = rows.having(first < before)
    return [Happened(*row) for row in session.execute(rows)]


def ports_matching(session: Session, member: Member, wanted: str, most: int) -> list[PortNumber]:
    """The newest transfers that a member sees with such a number, by its digits in any spelling; one number of each."""
    digits = digits_sought(wanted)
    if not digits:
        return []
    of = PortNumber.project_id
    numbers = select(PortNumber).join(PortNumber.project).options(contains_eager(PortNumber.project))
    found = numbers.where(ports_seen_by(member), PortNumber.number.contains(digits)).ext(distinct_on(of))
    return list(session.scalars(found.order_by(of.desc(), PortNumber.id).limit(most)))


def ports_seen_by(member: Member) -> ColumnElement[bool]:
    """The condition that a member sees a project: all of the workspace's, or those that come to a line of theirs."""
    here = PortProject.workspace_id == member.workspace_id
    if member.role in IN_CHARGE:
        return here
    granted = select(Grant.line_id).where(Grant.member_id == member.id)
    return here & PortProject.numbers.any(func.coalesce(PortNumber.chosen_line_id, PortProject.line_id).in_(granted))


def stage_left(session: Session, project: PortProject, state: State, among: Collection[State]) -> State | None:
    """Which of some states the numbers that are in `state` were in last; None if in none of them."""
    theirs = (PortNumber.project_id == project.id, PortNumber.state == state, PortHistory.puzzling.is_(False))
    left = select(PortHistory.before).join(PortNumber).where(*theirs, PortHistory.before.in_(among))
    return session.scalar(left.order_by(PortHistory.id.desc()).limit(1))


def fields_to_mend(project: PortProject) -> list[str]:
    """The form fields that the customer has to correct, by the reasons of the rejected numbers."""
    waiting = [number for number in project.numbers if number.state is State.ACTION_REQUIRED]
    return wrong_fields(code for number in waiting for code in number.reasons)


def locked_numbers(session: Session, order_id: int) -> list[PortNumber]:
    """The numbers that an order is about, locked against other transitions."""
    rows = select(PortNumber).where(PortNumber.order_id == order_id).order_by(PortNumber.id)
    return list(session.scalars(rows.with_for_update().execution_options(populate_existing=True)))


def orders_to_ask(session: Session, *, before: datetime, date_within: timedelta | None = None) -> list[CarrierOrder]:
    """Orders with an open number that were not asked about since `before` (aware UTC).

    With `date_within`, only those with a number whose committed day is at most that far ahead.
    """
    due = select(CarrierOrder).join(PortNumber).where(PortNumber.state.in_(_AT_CARRIERS))
    if date_within is not None:
        due = due.where(PortNumber.committed_on <= (now() + date_within).date())
    stale = or_(CarrierOrder.asked_at.is_(None), CarrierOrder.asked_at < before)
    return list(session.scalars(due.where(stale).distinct().order_by(CarrierOrder.id)))


def canceled_orders_to_ask(session: Session, *, before: datetime, watched: timedelta) -> list[CarrierOrder]:
    """Orders whose numbers were called off within the time `watched`, not asked about since `before`.

    The old operator may hand a number over all the same, and no callback has to tell of it.
    """
    called_off = exists().where(
        PortHistory.port_number_id == PortNumber.id,
        PortHistory.after.in_(CALLED_OFF),
        PortHistory.at > now() - watched,
    )
    rows = select(CarrierOrder).join(PortNumber).where(PortNumber.state.in_(CALLED_OFF), called_off)
    stale = or_(CarrierOrder.asked_at.is_(None), CarrierOrder.asked_at < before)
    return list(session.scalars(rows.where(stale).distinct().order_by(CarrierOrder.id)))


def due_within(session: Session, ahead: timedelta) -> list[PortNumber]:
    """Numbers that are not ported yet and whose committed day is at most this far ahead."""
    last_day = (now() + ahead).date()
    coming = PortNumber.state.in_([State.SCHEDULED, State.ACTIVATING])
    rows = select(PortNumber).where(coming, PortNumber.committed_on <= last_day)
    return list(session.scalars(rows.order_by(PortNumber.id)))
