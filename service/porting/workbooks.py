"""The rows of a workbook (.xlsx), with every cell as the text that stands in it.

What opens a file runs apart (`service/bounded.py`), so this module imports nothing of ours, and the
library only there.
"""

from collections.abc import Iterator
from io import BytesIO
from typing import Final

MOST_ROWS: Final = 10_000
"""Rows that are read: a project holds a tenth of that."""

MOST_COLUMNS: Final = 16

LONGEST_CELL: Final = 1000
"""Characters of a cell that are looked at: no number is longer, and a notice quotes less."""


def cells_of(content: bytes) -> list[list[str]]:
    """The rows of its first sheet, and one more than `MOST_ROWS` where there are too many.

    Raises:
        Exception: of any kind, for a file that is damaged in any way.
    """
    return list(_rows(content))


def _rows(content: bytes) -> Iterator[list[str]]:
    from openpyxl import load_workbook

    workbook = load_workbook(BytesIO(content), read_only=True, data_only=True, keep_links=False)
    rows = workbook.worksheets[0].iter_rows(max_row=MOST_ROWS + 1, max_col=MOST_COLUMNS, values_only=True)
    for cells in rows:
        yield [_written(cell) for cell in cells]


def _written(cell: object) -> str:
    """What stands in a cell; a whole number that was kept as a broken one is whole again."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell)[:LONGEST_CELL]
