"""Tables to download as CSV, for people who open them in a spreadsheet."""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from io import StringIO
from typing import Final

from flask import stream_with_context
from werkzeug.wrappers import Response

BYTE_ORDER_MARK: Final = "\ufeff"
"""Without it spreadsheets do not read a file as UTF-8."""

_FORMULA: Final = re.compile(r"[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")
"""With what spreadsheets let a formula begin, full-width signs included: https://owasp.org/www-community/attacks/CSV_Injection."""

_NUMBER: Final = re.compile(r"\+[0-9]+")

Cell = str | int | float | date | None


def spreadsheet(name: str, rows: Iterable[Sequence[Cell]]) -> Response:
    """A download of rows, the first of which are the heads. They are written while the browser reads them."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(stream_with_context(_written(rows)), mimetype="text/csv", headers=headers)


def as_text(cell: Cell) -> Cell:
    """A cell that no spreadsheet takes for a formula; a telephone number (E.164) keeps its plus sign."""
    if not isinstance(cell, str) or not _FORMULA.match(cell) or _NUMBER.fullmatch(cell):
        return cell
    return f"'{cell}"


def _written(rows: Iterable[Sequence[Cell]]) -> Iterator[str]:
    yield BYTE_ORDER_MARK
    for row in rows:
        line = StringIO(newline="")
        csv.writer(line).writerow([as_text(cell) for cell in row])
        yield line.getvalue()
