"""What transfers did in each week, by old operator, country, kind and carrier: counted once, so read by any number.

A transfer is counted in the week (Monday to Sunday, UTC) in which it arrived, and a rejection in that in which it came,
so that a week that is over never changes. A filing counts once, however many numbers it brought, and in the week of the
first. Nothing here names a customer, and it stays when their transfers are deleted.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, Index, Row, Select, String, delete, func, insert, select, true
from sqlalchemy.dialects.postgresql import JSONB, distinct_on
from sqlalchemy.orm import InstrumentedAttribute, Mapped, Session, aliased, mapped_column
from sqlalchemy.sql.selectable import LateralFromClause

from provisioning.contract.porting import NumberKind
from provisioning.time_zones import zone_of
from service.db import Base
from service.porting.business_days import business_days_taken
from service.porting.kinds import country_of
from service.porting.models import Attempt, PortHistory, PortNumber, PortProject
from service.porting.operators import operator_called
from service.porting.states import Command, Fact
from service.time import day_or_moment, now

WEEKS_BACK: Final = 52
"""How many weeks are counted when none was."""

_WEEK: Final = timedelta(weeks=1)
_AT_ONCE: Final = 1000

Days = dict[str, int]
"""How many filings took how many business days of the number's country; the days are text, as JSON has them."""


class PortWeek(Base):
    """What the transfers of one week did that came from one `provider`, at one carrier.

    `provider` is the old operator by the name people use, by that of registries where we know it no better, or "".
    Of the filings that arrived: how long they took (to the arrival of those alone for which no day was wished:
    the others took as long as their customers wanted), how many of them had never been rejected (`right_first`),
    had a day that the customer `wished` and the old operator promised it (`wished_kept`), were `promised` a day and
    came on it (`promised_kept`). `rejected` are the filings that were rejected for a reason, `lost` the business days
    between a filing that was rejected for it and the next one. Who was rejected for two reasons counts for both.
    """

    __tablename__ = "port_weeks"
    __table_args__ = (Index("ix_port_weeks_week", "week"),)

    carrier: Mapped[str] = mapped_column(String(32), primary_key=True)
    country: Mapped[str] = mapped_column(String(2), primary_key=True)
    kind: Mapped[NumberKind] = mapped_column(primary_key=True)
    provider: Mapped[str] = mapped_column(String(100), primary_key=True)
    week: Mapped[date] = mapped_column(primary_key=True)
    arrived: Mapped[int]
    right_first: Mapped[int]
    wished: Mapped[int]
    wished_kept: Mapped[int]
    promised: Mapped[int]
    promised_kept: Mapped[int]
    filed_to_date: Mapped[Days] = mapped_column(JSONB)
    date_to_arrival: Mapped[Days] = mapped_column(JSONB)
    filed_to_arrival: Mapped[Days] = mapped_column(JSONB)
    rejected: Mapped[Days] = mapped_column(JSONB)
    lost: Mapped[Days] = mapped_column(JSONB)


class Group(NamedTuple):
    """Which transfers are counted together."""

    carrier: str
    country: str
    kind: NumberKind
    provider: str


@dataclass(slots=True)
class Counts:
    """The counts of a group; the fields are those of `PortWeek`."""

    sums: Counter[str] = field(default_factory=Counter)
    days: defaultdict[str, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))
    reasons: defaultdict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))


def monday(day: date) -> date:
    """The first day of a day's week."""
    return day - timedelta(days=day.weekday())


@lru_cache(maxsize=1024)
def provider_called(registered: str | None, country: str) -> str:
    """An old operator by the name people use, else as registries have it; "" if it is not known."""
    return operator_called(registered or "", country).name or (registered or "")


def count_weeks(session: Session) -> None:
    """Count the last week that was counted once more, and all since. Idempotent."""
    this = monday(now().date())
    last = session.scalar(select(func.max(PortWeek.week))) or _first(session, this)
    session.execute(delete(PortWeek).where(PortWeek.week >= last))
    for ahead in range((this - last) // _WEEK + 1):
        _count(session, last + ahead * _WEEK)


def _first(session: Session, this: date) -> date:
    """The week of the first filing, if that is in the last year: before it there is nothing to count."""
    filed_at = session.scalar(select(Attempt.made_at).order_by(Attempt.id).limit(1))
    return max(this - WEEKS_BACK * _WEEK, monday(filed_at.date())) if filed_at else this


def _count(session: Session, week: date) -> None:
    counted: defaultdict[Group, Counts] = defaultdict(Counts)
    _count_arrivals(session, week, counted)
    _count_rejections(session, week, counted)
    _count_lost_days(session, week, counted)
    if rows := [_row(week, group, counts) for group, counts in counted.items()]:
        session.execute(insert(PortWeek), rows)


def _row(week: date, group: Group, counts: Counts) -> dict[str, Any]:
    sums = ("arrived", "right_first", "wished", "wished_kept", "promised", "promised_kept")
    days = ("filed_to_date", "date_to_arrival", "filed_to_arrival")
    return {
        "week": week,
        **group._asdict(),
        **{name: counts.sums[name] for name in sums},
        **{name: {str(key): count for key, count in counts.days[name].items()} for name in days},
        **{name: counts.reasons[name] for name in ("rejected", "lost")},
    }


def _group(carrier: str, number: str, kind: NumberKind, registered: str | None) -> Group:
    country = country_of(number)
    return Group(carrier, country, kind, provider_called(registered, country))


def _begins(week: date) -> datetime:
    return datetime.combine(week, time(), UTC)


def _within(column: InstrumentedAttribute[Any], week: date) -> ColumnElement[bool]:
    return column.between(_begins(week), _begins(week + _WEEK) - timedelta(microseconds=1))


def _count_arrivals(session: Session, week: date, counted: dict[Group, Counts]) -> None:
    for row in _streamed(session, _arrivals(week)):
        counts = counted[_group(row.carrier, row.number, row.kind, row.operator)]
        counts.sums["arrived"] += 1
        counts.sums["right_first"] += not row.was_rejected
        _count_days(counts, row)
        _count_kept_days(counts, row)


def _count_days(counts: Counts, row: Row[Any]) -> None:
    if not row.wished:
        counts.days["filed_to_arrival"][business_days_taken(row.number, row.made_at, row.ported_at)] += 1
    if row.dated_at:
        counts.days["filed_to_date"][business_days_taken(row.number, row.made_at, row.dated_at)] += 1
        counts.days["date_to_arrival"][business_days_taken(row.number, row.dated_at, row.ported_at)] += 1


def _count_kept_days(counts: Counts, row: Row[Any]) -> None:
    """Days are those at the number."""
    zone = zone_of(row.number)
    stated = day_or_moment(row.stated) if row.stated else None
    promised = stated.astimezone(zone).date() if isinstance(stated, datetime) and stated.tzinfo else stated
    if row.wished:
        counts.sums["wished"] += 1
        counts.sums["wished_kept"] += str(promised) == row.wished
    if promised:
        counts.sums["promised"] += 1
        counts.sums["promised_kept"] += promised == row.ported_at.astimezone(zone).date()


def _count_rejections(session: Session, week: date, counted: dict[Group, Counts]) -> None:
    for row, reason in _once(_streamed(session, _rejections(week))):
        counted[_group(row.carrier, row.number, row.kind, row.operator)].reasons["rejected"][reason] += 1


def _count_lost_days(session: Session, week: date, counted: dict[Group, Counts]) -> None:
    for row, reason in _once(_streamed(session, _refilings(week))):
        days = business_days_taken(row.number, row.made_at, row.at)
        counted[_group(row.carrier, row.number, row.kind, row.operator)].reasons["lost"][reason] += days


def _once(rows: Iterator[Row[Any]]) -> Iterator[tuple[Row[Any], str]]:
    """Each reason of a filing once, with the first of its numbers that was rejected for it."""
    seen = set()
    for row in rows:
        for reason in row.reasons or ():
            if (row.attempt_id, reason) not in seen:
                seen.add((row.attempt_id, reason))
                yield row, reason


def _streamed(session: Session, rows: Select[*tuple[Any, ...]]) -> Iterator[Row[Any]]:
    return iter(session.execute(rows.execution_options(yield_per=_AT_ONCE)))


def _arrivals(week: date) -> Select[*tuple[Any, ...]]:
    """The filings of which the first number arrived, by that one."""
    dated = (
        select(PortHistory.at, PortHistory.details["date"].astext.label("stated"))
        .where(PortHistory.port_number_id == PortNumber.id, PortHistory.event == Fact.DATE_COMMITTED)
        .where(PortHistory.at >= Attempt.made_at)
        .order_by(PortHistory.sequence)
        .limit(1)
        .lateral("dated")
    )
    rejected = select(1).where(PortHistory.port_number_id == PortNumber.id, PortHistory.event == Fact.REJECTED)
    sooner = aliased(PortNumber)
    came_before = select(1).where(sooner.attempt_id == PortNumber.attempt_id, sooner.ported_at < _begins(week))
    return (
        select(
            Attempt.carrier,
            Attempt.made_at,
            Attempt.sent["wished"].astext.label("wished"),
            PortNumber.number,
            PortNumber.kind,
            PortNumber.ported_at,
            PortProject.operator,
            dated.c.at.label("dated_at"),
            dated.c.stated,
            rejected.exists().label("was_rejected"),
        )
        .join(Attempt, Attempt.id == PortNumber.attempt_id)
        .join(PortProject, PortProject.id == PortNumber.project_id)
        .outerjoin(dated, true())
        .where(_within(PortNumber.ported_at, week), ~came_before.exists())
        .ext(distinct_on(PortNumber.attempt_id))
        .order_by(PortNumber.attempt_id, PortNumber.ported_at, PortNumber.id)
    )


def _filed_before(moment: ColumnElement[datetime] | InstrumentedAttribute[datetime]) -> LateralFromClause:
    """The latest filing of a number at a moment."""
    return (
        select(Attempt.id, Attempt.carrier, Attempt.made_at)
        .where(Attempt.project_id == PortNumber.project_id, Attempt.made_at <= moment)
        .where(Attempt.sent["numbers"].contains(func.to_jsonb(PortNumber.number)))
        .order_by(Attempt.sequence.desc())
        .limit(1)
        .lateral("filed")
    )


def _rejections(week: date) -> Select[*tuple[Any, ...]]:
    filed = _filed_before(PortHistory.at)
    return (
        select(*_of_filing(filed), PortHistory.details["reasons"].label("reasons"))
        .join(PortNumber, PortNumber.id == PortHistory.port_number_id)
        .join(PortProject, PortProject.id == PortNumber.project_id)
        .join(filed, true())
        .where(_within(PortHistory.at, week), PortHistory.event == Fact.REJECTED)
        .order_by(PortHistory.id)
    )


def _refilings(week: date) -> Select[*tuple[Any, ...]]:
    """Corrections, each with the filing that was rejected before it, and why."""
    earlier = aliased(PortHistory)
    rejected = (
        select(earlier.at, earlier.details["reasons"].label("reasons"))
        .where(earlier.port_number_id == PortHistory.port_number_id, earlier.event == Fact.REJECTED)
        .where(earlier.sequence < PortHistory.sequence)
        .order_by(earlier.sequence.desc())
        .limit(1)
        .lateral("rejected")
    )
    filed = _filed_before(rejected.c.at)
    return (
        select(*_of_filing(filed), rejected.c.reasons, PortHistory.at)
        .join(PortNumber, PortNumber.id == PortHistory.port_number_id)
        .join(PortProject, PortProject.id == PortNumber.project_id)
        .join(rejected, true())
        .join(filed, true())
        .where(_within(PortHistory.at, week), PortHistory.event == Command.CORRECT)
        .order_by(PortHistory.id)
    )


def _of_filing(filed: LateralFromClause) -> tuple[Any, ...]:
    of_number = (PortNumber.number, PortNumber.kind, PortProject.operator)
    return filed.c.id.label("attempt_id"), filed.c.carrier, filed.c.made_at, *of_number
