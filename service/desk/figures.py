"""What transfers of some weeks took, kept and lost, for the page of figures; read from the counts of the weeks."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import Any, Final, NamedTuple

from sqlalchemy import BigInteger, Select, cast, func, literal, select, true, union_all
from sqlalchemy.orm import InstrumentedAttribute, Session

from service.porting.past_times import ENOUGH
from service.porting.reasons import wrong_fields
from service.porting.weeks import PortWeek, monday
from service.time import now

PERIODS: Final = (12, 26, 52)
"""Of how many weeks, this one included, figures may be read."""

_SUMS: Final = ("arrived", "right_first", "wished", "wished_kept", "promised", "promised_kept")
_SPANS: Final = ("filed_to_date", "date_to_arrival", "filed_to_arrival")
_REASONS: Final = ("rejected", "lost")

GROUPED: Final = (PortWeek.provider, PortWeek.country, PortWeek.kind, PortWeek.carrier)
"""What transfers are told apart by."""


class Span(NamedTuple):
    """Business days that half of some filings took at most, and nine in ten; `seen` is how many they were."""

    seen: int
    median: int
    p90: int

    @property
    def is_small(self) -> bool:
        """Whether they are too few for others to be expected like them."""
        return self.seen < ENOUGH


@dataclass(slots=True)
class Figures:
    """The figures of some transfers: counts as in `PortWeek`, `days` by span, `reasons` by what they count."""

    counts: Counter[str] = field(default_factory=Counter)
    days: dict[str, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))
    reasons: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))

    def span(self, name: str) -> Span | None:
        """The usual days of a span; None if it was never seen."""
        days = self.days[name]
        return Span(days.total(), _reached(days, 0.5), _reached(days, 0.9)) if days else None

    def percent(self, part: str, whole: str) -> int | None:
        """How many of a hundred of `whole` were also `part`; None if there was none."""
        return round(100 * self.counts[part] / self.counts[whole]) if self.counts[whole] else None

    @property
    def is_small(self) -> bool:
        """Whether they are too few for others to be expected like them."""
        return self.counts["arrived"] < ENOUGH

    @property
    def by_field(self) -> Counter[str]:
        """How many filings were rejected for a field of the form."""
        found: Counter[str] = Counter()
        for reason, count in self.reasons["rejected"].items():
            found.update(dict.fromkeys(wrong_fields([reason]), count))
        return found


class Past:
    """The transfers of the last weeks, this one included, that have these values; "" is any."""

    def __init__(self, session: Session, weeks: int, **wanted: str) -> None:
        self._session = session
        self.weeks = [monday(now().date()) - timedelta(weeks=ago) for ago in reversed(range(weeks))]
        self._within = PortWeek.week >= self.weeks[0]
        self._conditions = [getattr(PortWeek, name) == value for name, value in wanted.items() if value]

    def together(self) -> Figures:
        """The figures of all."""
        return _merged(self.by_week.values())

    @cached_property
    def by_week(self) -> dict[date, Figures]:
        """The figures of each week in order; one without transfers has none."""
        found = self._by(PortWeek.week)
        return {week: found.get((week,), Figures()) for week in self.weeks}

    @cached_property
    def by_group(self) -> list[tuple[tuple[Any, ...], Figures]]:
        """The figures by old operator, country, kind and carrier, the one with most transfers first."""
        return sorted(self._by(*GROUPED).items(), key=_busiest_first)

    def by_provider(self) -> list[tuple[str, Figures]]:
        """The figures by old operator, the one with most rejections first; those without are left out."""
        groups: dict[str, list[Figures]] = defaultdict(list)
        for (provider, *_), figures in self.by_group:
            groups[provider].append(figures)
        rejected = [(provider, one) for provider, one in _each_merged(groups) if one.reasons["rejected"]]
        return sorted(rejected, key=lambda row: (-row[1].reasons["rejected"].total(), row[0]))

    def by_week_and_group(self) -> list[tuple[tuple[Any, ...], Figures]]:
        """The figures by week, old operator, country, kind and carrier, in order."""
        return sorted(self._by(PortWeek.week, *GROUPED).items())

    def choices(self) -> dict[str, list[str]]:
        """What there is in these weeks, by the names of the values."""
        found = self._session.execute(select(*map(_gathered, GROUPED)).where(self._within)).one()
        return {one.key: [value for value in values or () if value] for one, values in zip(GROUPED, found, strict=True)}

    def _by(self, *keys: InstrumentedAttribute[Any]) -> dict[tuple[Any, ...], Figures]:
        where = (self._within, *self._conditions)
        sums = select(*keys, *(func.sum(getattr(PortWeek, name)) for name in _SUMS)).where(*where).group_by(*keys)
        found = {tuple(row[: len(keys)]): Figures(_counted(row[len(keys) :])) for row in self._session.execute(sums)}
        parts = [_unfolded(name, keys).where(*where) for name in (*_SPANS, *_REASONS)]
        for name, value, count, *key in self._session.execute(union_all(*parts)):
            figures = found[tuple(key)]
            if name in _SPANS:
                figures.days[name][int(value)] = count
            else:
                figures.reasons[name][value] = count
        return found


def _merged(several: Iterable[Figures]) -> Figures:
    """The figures of all of them together: counts add up, medians would not."""
    merged = Figures()
    for one in several:
        merged.counts.update(one.counts)
        for name, days in one.days.items():
            merged.days[name].update(days)
        for name, reasons in one.reasons.items():
            merged.reasons[name].update(reasons)
    return merged


def _each_merged(groups: Mapping[str, Iterable[Figures]]) -> Iterator[tuple[str, Figures]]:
    for name, several in groups.items():
        yield name, _merged(several)


def _counted(sums: Sequence[Any]) -> Counter[str]:
    return Counter({name: int(count) for name, count in zip(_SUMS, sums, strict=True)})


def _unfolded(name: str, keys: Sequence[InstrumentedAttribute[Any]]) -> Select[*tuple[Any, ...]]:
    """The entries of a column of counts, each one's summed up."""
    each = func.jsonb_each_text(getattr(PortWeek, name)).table_valued("key", "value", name="each")
    total = cast(func.sum(cast(each.c.value, BigInteger)), BigInteger)
    rows: Select[*tuple[Any, ...]] = select(literal(name), each.c.key, total, *keys).join_from(PortWeek, each, true())
    return rows.group_by(each.c.key, *keys)


def _gathered(column: InstrumentedAttribute[Any]) -> Any:  # noqa: ANN401 -- an expression
    return func.array_agg(func.distinct(column))


def _reached(days: Counter[int], share: float) -> int:
    """The days within which this share of filings came."""
    came = 0
    for day in sorted(days):
        came += days[day]
        if came >= share * days.total():
            return day
    return max(days)


def _busiest_first(row: tuple[tuple[Any, ...], Figures]) -> tuple[int, tuple[Any, ...]]:
    return -row[1].counts["arrived"], row[0]


def rows_by_reason(figures: Figures) -> Iterator[tuple[str, int, int]]:
    """Each reason with its rejections and the business days that it cost, the dearest first."""
    lost, rejected = figures.reasons["lost"], figures.reasons["rejected"]
    for reason in sorted({*lost, *rejected}, key=lambda one: (-lost[one], -rejected[one], one)):
        yield reason, rejected[reason], lost[reason]
