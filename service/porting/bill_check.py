"""Compare a bill with the form, field by field. A difference is a question to the customer, never a refusal."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from difflib import SequenceMatcher
from heapq import nlargest
from itertools import islice
from typing import Final, NamedTuple

import phonenumbers

from provisioning.time_zones import zone_of
from service.porting.bill_dates import billed_on
from service.porting.bills import PATIENCE
from service.porting.kinds import country_of
from service.porting.models import Document, PortProject
from service.porting.postal_codes import has_postal_code, postal_code_instead
from service.porting.spelling import compact, normal
from service.time import now, today

OLDEST: Final = timedelta(days=30)
"""Old operators and carriers take bills of the last thirty days."""

_LIKE: Final = 0.55
"""Similarity (0 to 1) from which a text on the bill is shown as what the field probably should say."""

_MOST_LOOKED_AT: Final = 2000
_MOST_COMPARED: Final = 20
"""Stretches of a bill that are looked at, and the likeliest of them that are compared letter by letter.

An ordinary bill has a few dozen; one that was made to keep us busy could have a hundred thousand, of 2 ms each.
"""

_COMPARED: Final = ("subscriber_name", "street", "city")


@dataclass(frozen=True, slots=True)
class Question:
    """A field whose value was not found on the bill; `seen` is the most similar text on it, or ""."""

    field: str
    seen: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """The result of reading a bill.

    `readable` is False for a file that cannot be read, or a photo or scan where those are not, None until it was read;
    it is `overdue` if that takes longer than it should. `dated` is the day of the bill if one was found, `old` whether
    that is more than thirty days ago.
    """

    readable: bool | None
    overdue: bool = False
    questions: tuple[Question, ...] = ()
    dated: date | None = None
    old: bool = False


class _Word(NamedTuple):
    written: str
    meant: str


def reading_of(project: PortProject) -> Reading | None:
    """The project's bill compared with what its form says now; None without a bill."""
    bill = bill_of(project)
    if bill is None:
        return None
    if bill.words is None:
        return Reading(readable=None, overdue=now() > bill.made_at + PATIENCE)
    if not bill.words:
        return Reading(readable=False)
    here = today(zone_of(project.numbers[0].number)) if project.numbers else bill.made_at.date()
    dated = billed_on(bill.words, here, project.country)
    old = dated is not None and here - dated > OLDEST
    return Reading(readable=True, questions=tuple(_questions(project, bill.words)), dated=dated, old=old)


def bill_of(project: PortProject) -> Document | None:
    """The latest bill of a project."""
    return project.documents[-1] if project.documents else None


def _questions(project: PortProject, bill: str) -> Iterator[Question]:
    if not _has_one_of(bill, [number.number for number in project.numbers]):
        yield Question("number")
    lines = [[_Word(written, normal(written)) for written in line.split()] for line in bill.splitlines()]
    for field in _COMPARED:
        value = normal(getattr(project, field))
        if value and f" {value} " not in f" {normal(bill)} ":
            yield Question(field, _most_like(value, lines))
    if project.postal_code and not has_postal_code(bill, project.postal_code):
        yield Question("postal_code", postal_code_instead(bill, project.country, project.city))
    if project.account_number and compact(project.account_number) not in compact(bill):
        yield Question("account_number")


def _has_one_of(bill: str, numbers: list[str]) -> bool:
    """Whether one of the numbers (E.164) stands on a bill in any spelling of its country."""
    found = {
        phonenumbers.format_number(match.number, phonenumbers.PhoneNumberFormat.E164)
        for country in set(map(country_of, numbers))
        for match in phonenumbers.PhoneNumberMatcher(bill, country or None)
    }
    # beside other figures, and over a line break, the library finds none
    return not found.isdisjoint(numbers) or any(_stands_between_figures(bill, number) for number in numbers)


def _stands_between_figures(bill: str, number: str) -> bool:
    parsed = phonenumbers.parse(number)
    national = compact(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.NATIONAL))
    return re.search(r"(?<!\d)" + r"\W{0,2}".join(national) + r"(?!\d)", bill) is not None


def _most_like(value: str, lines: list[list[_Word]]) -> str:
    """The words of a line that are most like a value; "" if none are like it."""
    matcher = SequenceMatcher(None, b=value)
    few = islice(_stretches(value, lines), _MOST_LOOKED_AT)
    likeliest = nlargest(_MOST_COMPARED, few, key=lambda words: _set(matcher, words).quick_ratio())
    found = max(likeliest, key=lambda words: _set(matcher, words).ratio(), default=[])
    alike = _set(matcher, found).ratio() >= _LIKE
    return " ".join(word.written for word in found).strip(" ,;") if alike else ""


def _set(matcher: SequenceMatcher[str], words: list[_Word]) -> SequenceMatcher[str]:
    """Have words compared with the value that the matcher was made for."""
    matcher.set_seq1(" ".join(word.meant for word in words))
    return matcher


def _stretches(value: str, lines: list[list[_Word]]) -> Iterator[list[_Word]]:
    """Stretches about as long as the value that begin or end with one of its words, so that few must be compared."""
    length, wanted = len(value.split()), set(value.split())
    for line in lines:
        for start in range(len(line)):
            for end in range(start + max(1, length - 1), min(len(line), start + length + 1) + 1):
                stretch = line[start:end]
                if {stretch[0].meant, stretch[-1].meant} & wanted:
                    yield stretch
