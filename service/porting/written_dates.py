"""Dates as they are written in a text: with figures or month names, in four languages, in any of the usual orders."""

import re
from collections.abc import Iterable, Iterator
from datetime import date
from functools import cache
from statistics import median_low
from typing import Final, NamedTuple

from babel import Locale

from service.language import Language
from service.porting.spelling import without_accents

Triple = tuple[int, int, int]

# blanks, and at most one line break: a narrow column breaks a date, an empty line ends it
_GAP: Final = r"[^\S\n]*(?:\n[^\S\n]*)?"
_OF: Final = rf"(?:del?\b{_GAP})?"
_FULL_YEAR: Final = r"(?P<year>(?:19|20)\d\d)"
_YEAR: Final = r"(?P<year>(?:19|20)\d\d|(?<=[-/'])\d\d)(?![\d:])"
_YEAR_AT_LAST: Final = r"(?P<year>(?:19|20)\d\d|\d\d)(?![\d:]|[.,]\d)"
_DAY: Final = r"(?P<day>\d{1,2})(?:st|nd|rd|th|er|\.?o|:[ae])?"
_MONTH: Final = r"(?P<month>[a-z]{3,10})"

_NAMED: Final = (
    # Jan 10th, 2026, Jan 10/26, Jan 10 '26 and enero 10 de 2026
    re.compile(rf"(?<![a-z]){_MONTH}\.?{_GAP}{_DAY}(?![\d:])[,/]?{_GAP}{_OF}'?{_YEAR}"),
    # 10 de enero de 2026, 1er févr. 26, 10-Feb-2026 and 10FEB2026
    re.compile(rf"(?<![\d.,/]){_DAY}\.?[-/]?{_GAP}{_OF}{_MONTH}\.?,?[-/]?{_GAP}{_OF}'?{_YEAR_AT_LAST}"),
    # 2026 Feb 10
    re.compile(rf"(?<!\d){_FULL_YEAR}[-/]?{_GAP}{_MONTH}\.?[-/]?{_GAP}{_DAY}(?!\d)"),
)
_YEAR_FIRST: Final = re.compile(rf"(?<!\d){_FULL_YEAR}([-/.])(?P<month>\d{{1,2}})\2(?P<day>\d{{1,2}})(?!\d)")
_COMPACT: Final = re.compile(r"(?<![\w-])(?P<year>20\d\d)(?P<month>\d\d)(?P<day>\d\d)(?![\w-])")
_FIGURES: Final = re.compile(
    r"(?<!\d)(?<!\d[-/.])(\d{1,2})([-/.])(\d{1,2})(?:\2|[ \n](?=20\d\d))(\d{4}|\d\d)(?![-/.]?\d)"
)

_ORDERS: Final = {"US": ("mdy", "dmy", "ymd"), "CA": ("mdy", "dmy", "ymd"), "SE": ("ymd", "dmy", "mdy")}
"""What three groups of figures mean in a country, the likeliest first; elsewhere the day comes first."""
_ELSEWHERE: Final = ("dmy", "ymd", "mdy")
_UNSETTLED: Final = frozenset({"CA"})
"""Where operators use more than one order."""

_PAST_YEARS: Final = 10
_COMING_YEARS: Final = 3


class WrittenDate(NamedTuple):
    """A date and where it is written: from `start` up to `end`."""

    start: int
    end: int
    day: date


def dates_in(text: str, today: date, country: str) -> list[WrittenDate]:
    """Every date with a year in a text that is `without_accents`, in the order of the text.

    `country` (ISO) tells what 3/4/2026 means where the other dates of the text do not.
    """
    matches = (*_named(text), *_YEAR_FIRST.finditer(text))
    found = [*_read(matches, today), *_of_figures(text, today, country)]
    # eight figures in a row are a date only where none is written another way: account numbers look alike
    return _apart(found or list(_read(_COMPACT.finditer(text), today)))


def without_weekdays(text: str) -> str:
    """A text (`without_accents`) without days of the week, which stand between a date and its caption."""
    return _weekdays().sub("", text)


def _named(text: str) -> Iterator[re.Match[str]]:
    for pattern in _NAMED:
        yield from pattern.finditer(text)


def _read(matches: Iterable[re.Match[str]], today: date) -> Iterator[WrittenDate]:
    for match in matches:
        day = _real((_year(match["year"]), _month(match["month"]), int(match["day"])))
        # "3 Feb 12 GB" is no day of 2012
        if day and (len(match["year"]) > len("26") or _is_likely(day, today)):
            yield WrittenDate(match.start(), match.end(), day)


def _of_figures(text: str, today: date, country: str) -> list[WrittenDate]:
    """Dates such as 3/4/26. An operator writes all of them in one order: the one in which most can be dates."""
    matches = list(_FIGURES.finditer(text))
    orders = _ORDERS.get(country, _ELSEWHERE)
    readings = [[_ordered(match, order) for match in matches] for order in orders]
    likely = [[day for day in days if day and _is_likely(day, today)] for days in readings]
    sense = [(len(days), -_spread(days) if country in _UNSETTLED else 0) for days in likely]
    likeliest = readings[sense.index(max(sense))]
    return [WrittenDate(*match.span(), day) for match, day in zip(matches, likeliest, strict=True) if day]


def _ordered(match: re.Match[str], order: str) -> date | None:
    groups = dict(zip(order, (match[1], match[3], match[4]), strict=True))
    if len(groups["d"]) > len("31") or len(groups["y"]) < len("26"):
        return None
    return _real((_year(groups["y"]), int(groups["m"]), int(groups["d"])))


def _spread(days: list[date]) -> int:
    """How many days dates are apart from the middle one, in all: those of one bill lie close together."""
    middle = median_low(map(date.toordinal, days)) if days else 0
    return sum(abs(day.toordinal() - middle) for day in days)


def _is_likely(day: date, today: date) -> bool:
    return today.year - _PAST_YEARS <= day.year <= today.year + _COMING_YEARS


def _apart(dates: list[WrittenDate]) -> list[WrittenDate]:
    """In the order of the text, without those that begin inside of another."""
    apart: list[WrittenDate] = []
    for written in sorted(dates, key=lambda one: (one.start, -one.end)):
        if not apart or written.start >= apart[-1].end:
            apart.append(written)
    return apart


def _year(written: str) -> int:
    return int(written) if len(written) > len("26") else 2000 + int(written)


def _month(written: str) -> int:
    """The number of a month; 0, which no date has, for another word."""
    return int(written) if written.isdecimal() else _months().get(written, 0)


@cache
def _weekdays() -> re.Pattern[str]:
    """Names of weekdays in all our languages; short ones with a full stop or comma, and none that may be a month."""
    days = [Locale(language).days["format"] for language in Language]
    full = {without_accents(name) for names in days for name in names["wide"].values()}
    short = {without_accents(name).rstrip(".") for names in days for name in names["abbreviated"].values()}
    return re.compile(rf"\b(?:(?:{'|'.join(full)}),?|(?:{'|'.join(short - _months().keys())})[.,]){_GAP}\b")


@cache
def _months() -> dict[str, int]:
    """Every beginning of a month's name, of three letters or more, that means the same month in all our languages."""
    meanings: dict[str, set[int]] = {}
    for language in Language:
        for number, name in Locale(language).months["format"]["wide"].items():
            for length in range(3, len(name) + 1):
                meanings.setdefault(without_accents(name)[:length], set()).add(number)
    return {beginning: min(numbers) for beginning, numbers in meanings.items() if len(numbers) == 1}


def _real(year_month_day: Triple) -> date | None:
    try:
        return date(*year_month_day)
    except ValueError:
        return None
