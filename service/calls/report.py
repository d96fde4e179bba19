"""What an owner wants to know of some days' calls: how many, how many were answered and how soon, by whom, and when."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Date, Integer, Select, case, cast, extract, func, select
from sqlalchemy.orm import QueryableAttribute, Session

from service.accounts.models import User
from service.inbox.models import Call, Conversation, Direction, Outcome
from service.lines.models import Line, PhoneNumber

PERIODS: Final = (7, 30, 90)
"""How many days a report may cover."""

HOURS: Final = range(24)


@dataclass(frozen=True, slots=True)
class Tally:
    """Some calls, counted. Calls that still ring and blocked callers are left out.

    `answered`, `voicemails` and `missed` came in; a call that ended in a voicemail is not missed. `called` went out.
    `seconds_to_answer` is the median over the answered calls of which it is known; `seconds_talked` counts both ways.
    """

    answered: int = 0
    voicemails: int = 0
    missed: int = 0
    called: int = 0
    seconds_to_answer: int | None = None
    seconds_talked: int = 0

    @property
    def came_in(self) -> int:
        """All calls that came in."""
        return self.answered + self.voicemails + self.missed

    @property
    def percent_answered(self) -> int:
        """How many of a hundred calls that came in were answered; 0 if none came in."""
        return round(100 * self.answered / self.came_in) if self.came_in else 0


NONE: Final = Tally()


@dataclass(frozen=True, slots=True)
class Period:
    """Whole days of a time zone, up to and with `last`."""

    last: date
    days: int
    zone: ZoneInfo

    @property
    def dates(self) -> list[date]:
        """Its days in order."""
        return [self.last - timedelta(days=ago) for ago in reversed(range(self.days))]

    @property
    def begins(self) -> datetime:
        """Its first moment (UTC)."""
        return self._midnight(self.dates[0])

    @property
    def ends(self) -> datetime:
        """The first moment (UTC) after it."""
        return self._midnight(self.last + timedelta(days=1))

    def _midnight(self, day: date) -> datetime:
        return datetime.combine(day, time(), self.zone).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Report:
    """The calls of a period: together, and by day, hour of the day (0 to 23), line and member of the team."""

    total: Tally
    days: Mapping[date, Tally]
    hours: Mapping[int, Tally]
    lines: Sequence[tuple[Line, Tally]]
    members: Sequence[tuple[User, Tally]]


def report_on(session: Session, lines: Sequence[Line], period: Period) -> Report:
    """The report on these lines. A member is who answered, or who called."""
    total = _tallied(session, lines, period)
    days, hours = _tallied(session, lines, period, _day(period)), _tallied(session, lines, period, _hour(period))
    by_line, by_member = _tallied(session, lines, period, Conversation.line_id), _tallied(session, lines, period, _WHO)
    members = session.scalars(select(User).where(User.id.in_([key[0] for key in by_member if key[0]])))
    return Report(
        total.get((), NONE),
        {day: days.get((day,), NONE) for day in period.dates},
        {hour: hours.get((hour,), NONE) for hour in HOURS},
        [(line, by_line.get((line.id,), NONE)) for line in lines],
        sorted(((one, by_member[one.id,]) for one in members), key=_busiest_first),
    )


def daily_rows(session: Session, lines: Sequence[Line], period: Period) -> list[tuple[date, Line, Tally]]:
    """Each day of each line, days without calls included."""
    tallies = _tallied(session, lines, period, _day(period), Conversation.line_id)
    return [(day, line, tallies.get((day, line.id), NONE)) for day in period.dates for line in lines]


_IN: Final = Call.direction == Direction.IN
_OUT: Final = Call.direction == Direction.OUT
_ANSWERED: Final = Call.outcome == Outcome.ANSWERED
_WHO: Final = case((_OUT, Call.author_id), else_=Call.answered_by_id)
_WAITED: Final = extract("epoch", Call.answered_at - Call.at)

_COUNTED: Final = (
    func.count().filter(_IN, _ANSWERED),
    func.count().filter(_IN, Call.outcome == Outcome.VOICEMAIL),
    func.count().filter(_IN, Call.outcome == Outcome.MISSED),
    func.count().filter(_OUT),
    cast(func.percentile_cont(0.5).within_group(_WAITED).filter(_IN, _ANSWERED), Integer),
    func.coalesce(func.sum(Call.seconds).filter(_ANSWERED), 0),
)
"""The fields of a `Tally`, in order."""


def _tallied(
    session: Session, lines: Sequence[Line], period: Period, *by: ColumnElement[Any] | QueryableAttribute[Any]
) -> dict[tuple[Any, ...], Tally]:
    """The calls of a period by the values of these columns; what has no calls is left out."""
    numbers = select(PhoneNumber.number).join(PhoneNumber.line).where(_here(lines), PhoneNumber.number != "")
    ids = [line.id for line in lines]
    counted: Select[*tuple[Any, ...]] = (
        select(*by, *_COUNTED)
        .join(Call.conversation)
        .where(
            Call.number.in_(numbers),  # along the index of the list of calls
            Call.at >= period.begins,
            Call.at < period.ends,
            Conversation.line_id.in_(ids),
            Call.outcome.not_in([Outcome.RINGING, Outcome.BLOCKED]),
        )
        .group_by(*by)
    )
    return {tuple(row[: len(by)]): Tally(*row[len(by) :]) for row in session.execute(counted)}


def _here(lines: Sequence[Line]) -> ColumnElement[bool]:
    return Line.workspace_id.in_({line.workspace_id for line in lines})


def _day(period: Period) -> ColumnElement[date]:
    return cast(func.timezone(period.zone.key, Call.at), Date)


def _hour(period: Period) -> ColumnElement[int]:
    return cast(extract("hour", func.timezone(period.zone.key, Call.at)), Integer)


def _busiest_first(row: tuple[User, Tally]) -> tuple[int, int]:
    user, tally = row
    return -(tally.answered + tally.called), user.id
