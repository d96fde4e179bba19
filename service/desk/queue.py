"""The queue of the porting desk: every transfer that has not ended, the one that is due first at the top.

A transfer is listed by that of its numbers which is due first (`porting/cases.py`): an order of a thousand is one row.
"""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from sqlalchemy import ColumnElement, Select, func, or_, select, tuple_, union
from sqlalchemy.orm import Session, joinedload, selectinload

from provisioning.contract.porting import ReasonCode
from service.accounts.desk import DeskPlatform
from service.accounts.models import DESK, Role, User, Workspace
from service.brands import opened_by, platform_of
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
    `days` how long it has been in its state at least, `assignee` the id of who has it, 0 for nobody,
    `platform` that of the platform which opened its workspace.
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
    platform: int = 0


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


class Queue:
    """The transfers that some filters let through on a day. What the filters name is looked up once."""

    def __init__(self, session: Session, filters: Filters, today: date) -> None:
        self._session, self._today = session, today
        named = select(PortCase.operator, PortCase.country).distinct()
        if filters.platform:
            named = named.where(PortCase.project_id.in_(transfers_of(filters.platform)))
        self._operators = sorted(tuple(row) for row in session.execute(named))
        self._conditions = [*_of_state(filters, today), *self._of_project(filters)]

    @property
    def countries(self) -> list[str]:
        """ISO codes of the countries of all transfers."""
        return sorted({country for _, country in self._operators})

    @property
    def providers(self) -> list[str]:
        """The old operators of all transfers, by the names people use."""
        named = {operator_called(*one).name for one in self._operators if one[0]}
        return sorted(named, key=str.casefold)

    def rows(self, *, after: str = "", most: int = PER_PAGE) -> list[Row]:
        """The transfers after a row's cursor, at most so many, each with what its row shows."""
        found = (
            select(PortCase, DeskCase)
            .outerjoin(DeskCase, DeskCase.project_id == PortCase.project_id)
            .where(*self._conditions)
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
        return [Row(*row) for row in self._session.execute(found)]

    def all_rows(self) -> Iterator[Row]:
        """Every transfer, read page by page."""
        page = self.rows(most=COUNTED)
        while page:
            yield from page
            after = page[-1].after
            self._session.expunge_all()
            page = self.rows(after=after, most=COUNTED)

    def counts(self) -> dict[Lateness, int]:
        """How many transfers stand how, each counted up to one more than `COUNTED`."""
        wanted = select(PortCase.project_id).where(*self._conditions)
        limited = [wanted.where(_stands(one, self._today)).limit(COUNTED + 1).subquery() for one in Lateness]
        counted = [select(func.count()).select_from(each).scalar_subquery() for each in limited]
        return dict(zip(Lateness, self._session.execute(select(*counted)).one(), strict=True))

    def _of_project(self, filters: Filters) -> Iterator[ColumnElement[bool]]:
        if filters.country:
            yield PortCase.country == filters.country
        if filters.provider:
            called = [one[0] for one in self._operators if operator_called(*one).name == filters.provider]
            yield PortCase.operator.in_(called)
        if filters.assignee is not None:
            yield _had_by(filters.assignee)
        if filters.platform:
            yield PortCase.project_id.in_(transfers_of(filters.platform))
        if filters.words:
            yield PortCase.project_id.in_(self._session.scalars(_named(filters.words)).all())


def staff(session: Session) -> list[User]:
    """The people of the porting desk."""
    return list(session.scalars(_staff()))


def staff_for(session: Session, platform: int) -> list[User]:
    """Those who see the transfers of a platform (0: of none): who work for all workspaces, and who work for it."""
    others = select(DeskPlatform.user_id).where(DeskPlatform.platform_id != platform)
    return list(session.scalars(_staff().where(User.id.not_in(others))))


def staff_of(session: Session, project: PortProject) -> list[User]:
    """Those who see a transfer."""
    platform = platform_of(session, project.workspace_id)
    return staff_for(session, platform.workspace_id if platform else 0)


def transfers_of(platform: int) -> Select[int]:
    """The ids of the transfers of workspaces that a platform opened."""
    return select(PortProject.id).where(PortProject.workspace_id.in_(opened_by(platform)))


def _staff() -> Select[User]:
    return select(User).where(User.roles.any(Role.name == DESK)).order_by(User.name, User.id)


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
    """The ids of the newest projects under way with such a number, name, order or ticket, at most `COUNTED`."""
    ordered = select(Attempt.project_id).join(CarrierOrder, CarrierOrder.attempt_id == Attempt.id)
    named = PortProject.subscriber_name.icontains(words, autoescape=True)
    found = [
        select(PortProject.id).where(or_(named, PortProject.public_id == words)),
        select(PortProject.id).join(Workspace).where(Workspace.name.icontains(words, autoescape=True)),
        ordered.where(or_(CarrierOrder.reference == words, CarrierOrder.support_ticket == words)),
    ]
    if digits := digits_sought(words):
        found.append(select(PortNumber.project_id).where(PortNumber.number.contains(digits)))
    among = PortCase.project_id.in_(select(union(*found).subquery().c[0]))
    return select(PortCase.project_id).where(among).order_by(PortCase.project_id.desc()).limit(COUNTED)


def _cursor(after: str) -> tuple[date, int] | None:
    day, _, number = after.partition(".")
    with suppress(ValueError):
        return date.fromisoformat(day), int(number)
    return None
