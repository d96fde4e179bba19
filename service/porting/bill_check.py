"""Compare a bill with the form, field by field. A difference is a question to the customer, never a refusal."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from difflib import SequenceMatcher
from typing import Final, NamedTuple

import phonenumbers

from provisioning.time_zones import zone_of
from service.porting.bill_dates import billed_on
from service.porting.checks import country_of
from service.porting.models import Document, PortProject
from service.porting.postal_codes import has_postal_code, postal_code_instead
from service.porting.spelling import compact, normal
from service.time import today

OLDEST: Final = timedelta(days=30)
"""Old operators and carriers take bills of the last thirty days."""

_LIKE: Final = 0.55
"""Similarity (0 to 1) from which a text on the bill is shown as what the field probably should say."""

_COMPARED: Final = ("subscriber_name", "street", "city")


@dataclass(frozen=True, slots=True)
class Question:
    """A field whose value was not found on the bill; `seen` is the most similar text on it, or ""."""

    field: str
    seen: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """The result of reading a bill.

    `readable` is False for a picture, a scan or a file that cannot be read, None until it was read. `dated` is the day
    of the bill if one was found, `old` whether that is more than thirty days ago.
    """

    readable: bool | None
    questions: tuple[Question, ...] = ()
    dated: date | None = None
    old: bool = False


class _Word(NamedTuple):
    written: str
    meant: str


def reading_of(project: PortProject) -> Reading | None:
    """The project's bill compared with what its form says now; None without a bill."""
    bill = _bill(project)
    if bill is None:
        return None
    if not bill.words:
        return Reading(readable=None if bill.words is None else False)
    here = today(zone_of(project.numbers[0].number)) if project.numbers else bill.made_at.date()
    dated = billed_on(bill.words, here, project.country)
    old = dated is not None and here - dated > OLDEST
    return Reading(readable=True, questions=tuple(_questions(project, bill.words)), dated=dated, old=old)


def _bill(project: PortProject) -> Document | None:
    return project.documents[-1] if project.documents else None


def _questions(project: PortProject, bill: str) -> Iterator[Question]:
    if not any(_has_number(bill, number.number) for number in project.numbers):
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


def _has_number(bill: str, number: str) -> bool:
    """Whether a number (E.164) stands on a bill in any spelling of its country."""
    parsed = phonenumbers.parse(number)
    if any(match.number == parsed for match in phonenumbers.PhoneNumberMatcher(bill, country_of(number) or None)):
        return True
    # beside other figures, and over a line break, the library finds none
    national = compact(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.NATIONAL))
    return re.search(r"(?<!\d)" + r"\W{0,2}".join(national) + r"(?!\d)", bill) is not None


def _most_like(value: str, lines: list[list[_Word]]) -> str:
    """The words of a line that are most like a value; "" if none are like it."""
    found = max(((_likeness(value, words), words) for words in _stretches(value, lines)), default=(0.0, []))
    likeness, words = found
    return " ".join(word.written for word in words).strip(" ,;") if likeness >= _LIKE else ""


def _stretches(value: str, lines: list[list[_Word]]) -> Iterator[list[_Word]]:
    """Stretches about as long as the value that begin or end with one of its words, so that few must be compared."""
    length, wanted = len(value.split()), set(value.split())
    for line in lines:
        for start in range(len(line)):
            for end in range(start + max(1, length - 1), min(len(line), start + length + 1) + 1):
                stretch = line[start:end]
                if {stretch[0].meant, stretch[-1].meant} & wanted:
                    yield stretch


def _likeness(value: str, words: list[_Word]) -> float:
    return SequenceMatcher(None, value, " ".join(word.meant for word in words)).ratio()
