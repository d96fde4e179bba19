"""Many numbers at once, as people give them: one a line, or a table with the numbers in its first column."""

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Final, NamedTuple

from service.errors import Invalid, Sentence
from service.phone_numbers import HOME, NotANumber, Refusal, read_alone
from service.plain_text import plain
from service.porting.list_columns import OldAccount, account_in, columns_of, pin_in
from service.porting.workbooks import LONGEST_CELL, MOST_ROWS

_FEWEST_DIGITS: Final = 7
_SEPARATORS: Final = "\t;,"
_LOOKED_AT: Final = 20
"""Lines by which we tell what separates the cells."""

_NUMBERS_ALL_THE_SAME: Final = frozenset({Refusal.SEVERAL, Refusal.EXTENSION, Refusal.BY_LETTERS})
_ANNOUNCED: Final = "sep="
"""The first line of a CSV in which Excel says what separates its cells."""

TOO_LONG: Final = "This list is too long. We read up to 10,000 lines."
TWO_ACCOUNTS: Final = "This number is further up with a different account."
TWO_PINS: Final = "This account is further up with a different PIN."
LONG_LINE: Final = "Line {line} is too long for a list of phone numbers."

Row = tuple[int, Sequence[str]]
"""The line on which a row begins, counted from one, and its cells."""


class WrongLine(NamedTuple):
    """A line that is no phone number: where it stands, counted from one, what stands there, and why it is none."""

    line: int
    text: str
    why: Sentence


@dataclass(frozen=True, slots=True)
class NumberList:
    """What was read of a list: its numbers in E.164, each once, and the lines that are none.

    `accounts` has the account of each number where a column of the list says so, `pins` the PIN of an account.
    """

    numbers: list[str]
    wrong: list[WrongLine]
    accounts: Mapping[str, OldAccount] = field(default_factory=dict)
    pins: Mapping[OldAccount, str] = field(default_factory=dict, repr=False)


def read_list(content: str, country: str = HOME) -> NumberList:
    """The numbers of a list that was typed, or of a CSV. Raises `Invalid` as `read_rows` does."""
    return read_rows(rows_of(content), country)


def rows_of(content: str) -> Iterator[Row]:
    """The rows of a CSV, however its cells are separated. A cell may have line ends in it.

    Raises:
        Invalid: on the field `list`, when a cell is longer than Python's csv takes (131,072 characters).
    """
    lines = content.splitlines(keepends=True)
    skipped = 1 if _is_announced(lines) else 0
    reader = csv.reader(lines[skipped:], delimiter=_separator(lines))
    begins = skipped + 1
    try:
        for cells in reader:
            yield begins, cells
            begins = skipped + reader.line_num + 1
    except csv.Error:
        raise Invalid({"list": [Sentence(LONG_LINE, line=begins)]}) from None


def read_rows(rows: Iterable[Row], country: str = HOME) -> NumberList:
    """The numbers in the first cells, with their accounts and PINs. Empty rows and a heading are skipped.

    Raises:
        Invalid: on the field `list`, when there are too many rows.
    """
    filled = ((line, plain(cells[0][:LONGEST_CELL]), cells) for line, cells in _counted(rows) if any(cells[:1]))
    top: tuple[int, str, Sequence[str]] = next(filled, (0, "", ()))
    headed = _is_heading(top[1], country)
    columns = columns_of(top[2]) if headed else {}
    accounts: dict[str, OldAccount] = {}
    pins: dict[OldAccount, str] = {}
    wrong: list[WrongLine] = []
    for line, first, cells in filled if headed else chain([top], filled):
        try:
            number = _number(first, [] if headed else cells[1:], country) if first else ""
        except NotANumber as refusal:
            wrong.append(WrongLine(line, first, refusal.sentence))
            continue
        account = account_in(cells, columns)
        if number and accounts.setdefault(number, account) != account:
            wrong.append(WrongLine(line, first, Sentence(TWO_ACCOUNTS)))
        elif number and (pin := pin_in(cells, columns)) and pins.setdefault(account, pin) != pin:
            wrong.append(WrongLine(line, first, Sentence(TWO_PINS)))
    return NumberList(list(accounts), wrong, accounts if columns else {}, pins)


def _counted(rows: Iterable[Row]) -> Iterator[Row]:
    for count, row in enumerate(rows):
        if count >= MOST_ROWS:
            raise Invalid({"list": [TOO_LONG]})
        yield row


def _number(first: str, others: Sequence[str], country: str) -> str:
    """The number of a row. Without a heading that says what they are, other cells must not hold numbers as well."""
    number = read_alone(first, country).number
    if any(_holds_a_number(cell, country) for cell in others):
        raise NotANumber(Refusal.SEVERAL)
    return number


def _is_heading(cell: str, country: str) -> bool:
    """Words, perhaps with a few digits (Phone 2), and no number written with letters."""
    few = sum(map(str.isdecimal, cell)) < _FEWEST_DIGITS
    return cell[:1].isalpha() and few and not _holds_a_number(cell, country)


def _holds_a_number(cell: str, country: str) -> bool:
    if sum(map(str.isalnum, cell[:LONGEST_CELL])) < _FEWEST_DIGITS:
        return False
    try:
        return bool(read_alone(cell[:LONGEST_CELL], country))
    except NotANumber as refusal:
        return refusal.refusal in _NUMBERS_ALL_THE_SAME


def _is_announced(lines: Sequence[str]) -> bool:
    return bool(lines) and lines[0].casefold().startswith(_ANNOUNCED)


def _separator(lines: Sequence[str]) -> str:
    """What separates the cells: the announced sign, else the one by which most first cells are numbers."""
    if _is_announced(lines):
        return lines[0][len(_ANNOUNCED) :].strip("\r\n")[:1] or ","
    first = [line[:LONGEST_CELL] for line in lines[:_LOOKED_AT]]
    return max(_SEPARATORS, key=lambda sign: (sum(_begins_with_a_number(first, sign)), "".join(first).count(sign)))


def _begins_with_a_number(lines: Sequence[str], separator: str) -> Iterator[bool]:
    for line in lines:
        if separator in line:
            yield _holds_a_number(next(csv.reader([line], delimiter=separator), [""])[0], HOME)
