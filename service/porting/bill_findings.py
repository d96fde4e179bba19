"""What was read on a bill for each answer of the form, where it stands, and taking it over.

Nothing is taken over but by the person: each value is theirs to use or to leave. Account numbers are secret: they are
taken over unseen, or seen on the picture of the bill alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import phonenumbers

from service.errors import Conflict
from service.porting.bill_accounts import account_on
from service.porting.bill_check import bill_of, reading_of
from service.porting.bill_places import Place, place_of
from service.porting.models import Document, PortProject
from service.porting.needs import operator_of
from service.porting.spelling import compact, normal

_FIELDS: Final = ("number", "subscriber_name", "street", "city", "postal_code", "account_number")
_SECRET: Final = frozenset({"account_number"})
_CHANGED: Final = "The bill or your answer has changed. Please check it again."


@dataclass(frozen=True, slots=True)
class Finding:
    """What a bill says of a field: the `same` as the form, something like it (`seen`), or nothing that was found.

    `usable` is whether what stands there can be taken over. `place` is where, of a photo.
    """

    field: str
    same: bool
    seen: str
    usable: bool
    place: Place | None


def findings_of(project: PortProject) -> list[Finding]:
    """What the project's bill says of each answer that was given; empty while nothing was read."""
    bill, reading = bill_of(project), reading_of(project)
    if not bill or not reading or not reading.readable:
        return []
    asked = {question.field: question.seen for question in reading.questions}
    return [_finding(project, bill, field, asked) for field in _FIELDS if _is_answered(project, field)]


def seen_on(project: PortProject, field: str, bill_id: int, shown: str) -> str:
    """The value for a field that the person was shown on a bill. Raises `Conflict` if that is not what stands there."""
    bill = bill_of(project)
    usable = {one.field: one for one in findings_of(project) if one.usable}
    if not bill or bill.id != bill_id or field not in usable or usable[field].seen != shown:
        raise Conflict(_CHANGED)
    return _account(project, bill) if field in _SECRET else shown


def _finding(project: PortProject, bill: Document, field: str, asked: Mapping[str, str]) -> Finding:
    same, seen = field not in asked, asked.get(field, "")
    if field == "number":
        places = (place_of(bill.pages, _national(one.number), compact) for one in project.numbers)
        return Finding(field, same, "", usable=False, place=next(filter(None, places), None))
    if field in _SECRET:
        found = project.account_number if same else _account(project, bill)
        place = place_of(bill.pages, found or "", compact)
        return Finding(field, same, "", usable=not same and place is not None, place=place)
    place = place_of(bill.pages, getattr(project, field) if same else seen, normal)
    return Finding(field, same, seen, usable=bool(seen), place=place)


def _is_answered(project: PortProject, field: str) -> bool:
    return bool(project.numbers if field == "number" else getattr(project, field))


def _account(project: PortProject, bill: Document) -> str:
    numbers = [number.number for number in project.numbers]
    return account_on(bill.words or "", operator_of(project).account_digits, numbers)


def _national(number: str) -> str:
    """The digits of a number (E.164) that stand in each of its spellings."""
    return phonenumbers.national_significant_number(phonenumbers.parse(number))
