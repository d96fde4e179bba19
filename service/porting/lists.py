"""Many numbers at once, as people give them: one a line, or a table as CSV with the numbers in its first column."""

import csv
from io import StringIO
from typing import Final, NamedTuple

from service.errors import Invalid
from service.porting.checks import normalise

_SEPARATORS: Final = ";\t"


class WrongLine(NamedTuple):
    """A line that is no phone number: where it stands, counted from one, and what stands there."""

    line: int
    text: str


def read_list(content: str, country: str = "US") -> tuple[list[str], list[WrongLine]]:
    """The numbers of a list in E.164, each once, and the lines that are none. Empty lines and a heading are skipped."""
    numbers: dict[str, None] = {}
    wrong: list[WrongLine] = []
    for line, text in enumerate(content.splitlines(), 1):
        cell = _first_cell(text)
        if not cell or (line == 1 and not any(character.isdigit() for character in cell)):
            continue
        try:
            numbers[normalise(cell, country)] = None
        except Invalid:
            wrong.append(WrongLine(line, cell))
    return list(numbers), wrong


def _first_cell(text: str) -> str:
    for separator in _SEPARATORS:
        text = text.replace(separator, ",")
    return next(csv.reader(StringIO(text)), [""])[0].strip()
