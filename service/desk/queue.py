"""The queue of the porting desk: every transfer that has not ended, the one that is due first at the top.

A transfer is listed by that of its numbers which is due first (`porting/cases.py`): an order of a thousand is one row.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from sqlalchemy import ColumnElement, Select, func, or_, select, tuple_, union
from sqlalchemy.orm import Session, joinedload, selectinload

from provisioning.contract.porting import ReasonCode
from service.accounts.models import DESK, Role, User, Workspace
from service.desk.models import DeskCase
from service.phone_numbers import digits_sought
from service.porting.cases import PortCase
from service.porting.models import Attempt, CarrierOrder, PortNumber, PortProject
from service.porting.operators import operator_called
from service.porting.states import State
from service.time import now

PER_PAGE: Final = 50

COUNTED: Final = 1000
"""Transfers are counted so far; beyond that it is only said that there are more."""


class Lateness(StrEnum):
    """How a transfer stands against its target."""

    LATE = "late"
    TODAY = "today"
    IN_TIME = "in_time"


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Which transfers are wanted; what is empty or None does not matter.

    `words` are looked for in numbers, names, orders and tickets. `provider` is an old operator by the name people use,
    `days` how long it has been in its state at least, `assignee` the id of who has it, 0 for nobody.
    """

    words: str = ""
    state: State | None = None
    carrier: str = ""
    provider: str = ""
    reason: ReasonCode | None = None
    country: str = ""
    days: int = 0
    lateness: Lateness | None = None
    assignee: int | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A transfer, by its number that is due first, with who has it and what is next where the desk wrote that down."""

    listed: PortCase
    case: DeskCase | None

    @property
    def after(self) -> str:
        """The cursor of what follows."""
        return f"{self.listed.due_on}.{self.listed.project_id}"


def lateness(listed: PortCase, today: date) -> Lateness:
    """How a transfer stands on a day."""
    if listed.due_on > today:
        return Lateness.IN_TIME
    return Lateness.TODAY if listed.due_on == today else Lateness.LATE


def rows(session: Session, filters: Filters, today: date, *, after: str = "", most: int = PER_PAGE) -> list[Row]:
    """The transfers after a row's cursor, at most so many, each with what its row shows."""
    found = (
        select(PortCase, DeskCase)
        .outerjoin(DeskCase, DeskCase.project_id == PortCase.project_id)
        .where(*_conditions(session, filters, today))
        .order_by(PortCase.due_on, PortCase.project_id)
        .limit(most)
        .options(
            selectinload(PortCase.project).joinedload(PortProject.workspace),
            selectinload(PortCase.number).joinedload(PortNumber.order),
            joinedload(DeskCase.assignee),
        )
    )
    if cursor := _cursor(after):
        found = found.where(tuple_(PortCase.due_on, PortCase.project_id) > tuple_(*cursor))
    return [Row(*row) for row in session.execute(found)]


def all_rows(session: Session, filters: Filters, today: date) -> Iterator[Row]:
    """Every transfer that is wanted, read page by page."""
    page = rows(session, filters, today, most=COUNTED)
    while page:
        yield from page
        after = page[-1].after
        session.expunge_all()
        page = rows(session, filters, today, after=after, most=COUNTED)


def counts(session: Session, filters: Filters, today: date) -> dict[Lateness, int]:
    """How many of the wanted transfers stand how, each counted up to one more than `COUNTED`."""
    wanted = select(PortCase.project_id).where(*_conditions(session, filters, today))
    limited = [wanted.where(_stands(one, today)).limit(COUNTED + 1).subquery() for one in Lateness]
    counted = [select(func.count()).select_from(each).scalar_subquery() for each in limited]
    return dict(zip(Lateness, session.execute(select(*counted)).one(), strict=True))


def providers(session: Session) -> dict[str, set[str]]:
    """The names of the old operators of transfers, each with its spellings in registries."""
    named = select(PortCase.operator, PortCase.country).where(PortCase.operator != "").distinct()
    spellings: dict[str, set[str]] = defaultdict(set)
    for registered, country in session.execute(named):
        spellings[operator_called(registered, country).name].add(registered)
    return dict(sorted(spellings.items(), key=lambda named: named[0].casefold()))


def countries(session: Session) -> list[str]:
    """ISO codes of the countries of transfers."""
    return sorted(session.scalars(select(PortCase.country).distinct()))


def staff(session: Session) -> list[User]:
    """The people of the porting desk."""
    return list(session.scalars(select(User).where(User.roles.any(Role.name == DESK)).order_by(User.name, User.id)))


def _conditions(session: Session, filters: Filters, today: date) -> Iterator[ColumnElement[bool]]:
    yield from _of_state(filters, today)
    if filters.country:
        yield PortCase.country == filters.country
    if filters.provider:
        yield PortCase.operator.in_(providers(session).get(filters.provider, set()))
    if filters.assignee is not None:
        yield _had_by(filters.assignee)
    if filters.words:
        yield PortCase.project_id.in_(_named(filters.words))


def _of_state(filters: Filters, today: date) -> Iterator[ColumnElement[bool]]:
    if filters.state:
        yield PortCase.state == filters.state
    if filters.carrier:
        yield PortCase.carrier == filters.carrier
    if filters.reason:
        yield PortCase.reasons.contains([filters.reason.value])
    if filters.days:
        yield PortCase.since <= now() - timedelta(days=filters.days)
    if filters.lateness:
        yield _stands(filters.lateness, today)


def _stands(how: Lateness, today: date) -> ColumnElement[bool]:
    conditions: Mapping[Lateness, ColumnElement[bool]] = {
        Lateness.LATE: PortCase.due_on < today,
        Lateness.TODAY: PortCase.due_on == today,
        Lateness.IN_TIME: PortCase.due_on > today,
    }
    return conditions[how]


def _had_by(user_id: int) -> ColumnElement[bool]:
    had = select(DeskCase.project_id).where(DeskCase.assignee_id.is_not(None))
    if user_id:
        return PortCase.project_id.in_(had.where(DeskCase.assignee_id == user_id))
    return PortCase.project_id.not_in(had)


def _named(words: str) -> Select[int]:
    """The ids of projects with such a number, name, order or ticket."""
    ordered = select(Attempt.project_id).join(CarrierOrder, CarrierOrder.attempt_id == Attempt.id)
    named = PortProject.subscriber_name.icontains(words, autoescape=True)
    found = [
        select(PortProject.id).where(or_(named, PortProject.public_id == words)),
        select(PortProject.id).join(Workspace).where(Workspace.name.icontains(words, autoescape=True)),
        ordered.where(or_(CarrierOrder.reference == words, CarrierOrder.support_ticket == words)),
    ]
    if digits := digits_sought(words):
        found.append(select(PortNumber.project_id).where(PortNumber.number.contains(digits)))
    return select(union(*found).subquery().c[0])


def _cursor(after: str) -> tuple[date, int] | None:
    day, _, number = after.partition(".")
    with suppress(ValueError):
        return date.fromisoformat(day), int(number)
    return None
