"""The account number on a bill, by its caption: English, Swedish, Spanish or French, as `without_accents` leaves it."""

import re
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from typing import Final

from service.porting.spelling import compact, without_accents

_NUMBER: Final = r"(?:number|num|no|nr|nummer|n[o°º]|numero|#|id)"
_WHOLE: Final = (
    rf"(?:account|acct|customer|subscriber) ?\.? ?{_NUMBER}"
    r"|(?:kund|avtals|kund-/avtals|konto)(?:nummer|nr)"
    r"|(?:numero|num|n[o°º])\.? (?:de )?(?:cuenta|cliente|compte|client)|reference client"
)
_BARE: Final = r"(?<!foundation )(?<!estado de )(?:account|kund|cuenta|cliente|compte|client)"
_CAPTIONS: Final = tuple(re.compile(rf"\b(?:{words})\b\.?[\s:]*") for words in (_WHOLE, _BARE))
"""Those that name the number first: the bare word also stands in headings."""

_VALUE: Final = re.compile(r"[a-z]{0,3}\d(?:[ .-]?\d){2,23}\b")
_DATE: Final = re.compile(r"\d{4}-\d\d-\d\d|\d{1,2}[.-]\d{1,2}[.-]\d{2,4}")
_FEWEST: Final = 5
_COLUMNS: Final = re.compile(r"\s{2,}|\t")
_BELOW: Final = 2
"""Lines below a caption in which its value may stand."""


def account_on(bill: str, digits: AbstractSet[int] = frozenset(), others: Sequence[str] = ()) -> str:
    """The account number as it is written on a bill (its text), or "".

    `digits` is how many digits the operator's account numbers have, empty where that is not known; one of so many goes
    before others. `others` are numbers that it is not, such as telephone numbers.
    """
    known = {compact(other)[-10:] for other in others}
    found = [value for value in _values(bill) if not compact(value).endswith(tuple(known) or " ")]
    fitting = [value for value in found if sum(map(str.isdigit, value)) in digits]
    return next(iter(fitting or found), "")


def _values(bill: str) -> Iterator[str]:
    rows = [_COLUMNS.split(line.strip()) for line in bill.splitlines() if line.strip()]
    for caption in _CAPTIONS:
        for place, row in enumerate(rows):
            for column, cell in enumerate(row):
                if match := caption.search(without_accents(cell)):
                    yield from _captioned(without_accents(cell)[match.end() :], rows, place, column)


def _captioned(after: str, rows: Sequence[Sequence[str]], place: int, column: int) -> Iterator[str]:
    """The number behind a caption; of one that stands alone, in the next column, else below it."""
    beside = rows[place][column + 1 : column + 2]
    cells = [after] if after else [*beside, *_under(rows, place, column)]
    yield from [value for cell in cells if (value := _number(cell))][:1]


def _under(rows: Sequence[Sequence[str]], place: int, column: int) -> Iterator[str]:
    """What stands in the same column of the next rows; of a row with other columns all that does."""
    for below in rows[place + 1 : place + 1 + _BELOW]:
        yield from below[column : column + 1] if len(below) == len(rows[place]) else below


def _number(cell: str) -> str:
    """The number that a cell begins with, as it is written; "" where it is too short or a date."""
    value = _VALUE.match(without_accents(cell).strip())
    if not value or sum(map(str.isdigit, value[0])) < _FEWEST or _DATE.fullmatch(value[0]):
        return ""
    return value[0].upper()
