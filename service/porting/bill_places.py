"""Where on the pages of a photographed bill a value stands."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from service.porting.models import DocumentPage
from service.porting.text_rows import Box, Row

_MARGIN: Final = 0.02
"""What is shown around a value, as a share of the page's width."""


@dataclass(frozen=True, slots=True)
class Place:
    """A piece of a page, in pixels of its picture."""

    page: DocumentPage
    left: int
    top: int
    width: int
    height: int

    @property
    def around(self) -> tuple[int, int, int, int]:
        """Left, top, width and height of the place with some of the page around it."""
        margin = round(_MARGIN * self.page.width)
        left, top = max(self.left - margin, 0), max(self.top - margin, 0)
        return left, top, self.width + 2 * margin, self.height + 2 * margin


def place_of(pages: Sequence[DocumentPage], value: str, meant: Callable[[str], str]) -> Place | None:
    """Where a value stands first; None where it does not. `meant` brings texts to the spelling that is compared."""
    wanted = meant(value)
    if not wanted:
        return None
    return next((_place(page, row, wanted, meant) for page, row in _rows(pages) if wanted in meant(row.text)), None)


def _rows(pages: Sequence[DocumentPage]) -> Iterator[tuple[DocumentPage, Row]]:
    for page in pages:
        for text, boxes in json.loads(page.rows):
            yield page, Row(text, [(piece, Box(*box)) for piece, box in boxes])


def _place(page: DocumentPage, row: Row, wanted: str, meant: Callable[[str], str]) -> Place:
    """The pieces of a row that have the value or a part of it, else all of them."""
    telling = [box for text, box in row.boxes if meant(text) and (wanted in meant(text) or meant(text) in wanted)]
    boxes = telling or [box for _, box in row.boxes]
    left, right = min(box.left for box in boxes), max(box.right for box in boxes)
    top, bottom = min(box.top for box in boxes), max(box.bottom for box in boxes)
    across, down = page.width, page.height
    return Place(
        page, round(left * across), round(top * down), round((right - left) * across), round((bottom - top) * down)
    )
