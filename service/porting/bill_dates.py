"""The day of a bill, among the many days that stand on one."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Final

_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

_NAMED: Final = re.compile(r"\b([A-Za-z]{3,9})\.? (\d{1,2}),? (\d{4})\b")
_NAMED_AFTER: Final = re.compile(r"\b(\d{1,2}) ([A-Za-z]{3,9})\.? (\d{4})\b")
_PLAIN: Final = re.compile(r"\b(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2})\b")
_ISO: Final = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})\b")

_SAYS_SO: Final = re.compile(
    r"(bill|billing|statement|invoice|issue) ?(date|day)|issued|date of (bill|invoice)|dated", re.IGNORECASE
)
_BEFORE: Final = 40
"""Characters before a date in which it is said what date it is."""


def billed_on(bill: str, today: date, *, month_first: bool) -> date | None:
    """The day a bill says it is of, else the latest day on it that has come; None where it has none.

    `month_first` reads 3/4/2026 as Americans do.
    """
    come = [(where, day) for where, day in _days(bill, month_first=month_first) if day <= today]
    said = [day for where, day in come if _SAYS_SO.search(" ".join(bill[max(0, where - _BEFORE) : where].split()))]
    return said[0] if said else max((day for _, day in come), default=None)


def _days(bill: str, *, month_first: bool) -> Iterator[tuple[int, date]]:
    """Every day in a text and where it begins, in the order of the text."""
    found = [
        *((match, (match[3], _month(match[1]), match[2])) for match in _NAMED.finditer(bill)),
        *((match, (match[3], _month(match[2]), match[1])) for match in _NAMED_AFTER.finditer(bill)),
        *((match, (match[1], match[2], match[3])) for match in _ISO.finditer(bill)),
        *((match, _ordered(match, month_first=month_first)) for match in _PLAIN.finditer(bill)),
    ]
    for match, (year, month, day) in sorted(found, key=lambda each: each[0].start()):
        if (real := _real(int(year), int(month), int(day))) is not None:
            yield match.start(), real


def _ordered(match: re.Match[str], *, month_first: bool) -> tuple[str, str, str]:
    year = match[3] if len(match[3]) > len("26") else f"20{match[3]}"
    return (year, match[1], match[2]) if month_first else (year, match[2], match[1])


def _month(name: str) -> str:
    """The number of a month by its name; 0, which no date has, for another word."""
    beginning = name[:3].casefold()
    return str(_MONTHS.index(beginning) + 1 if beginning in _MONTHS else 0)


def _real(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
