"""Pieces of text that were read on a photo, put into the rows in which they are printed, also where it is tilted."""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from statistics import median
from typing import Final, NamedTuple

_OFF: Final = 0.6
"""Of its height, how far a piece may stand above or below the row that it belongs to."""

_GAP: Final = 1.5
"""Heights between two pieces from which they are columns and no words of one sentence."""

_TELLING: Final = 3
"""How many times as wide as high a piece is whose slope tells that of the photo."""


class Box(NamedTuple):
    """A place on a picture, as shares (0 to 1) of its width and height."""

    left: float
    top: float
    right: float
    bottom: float


class Piece(NamedTuple):
    """A few words that were read together, and where the middles of their two ends stand, in pixels."""

    text: str
    left: tuple[float, float]
    right: tuple[float, float]
    height: float
    box: Box


class Row(NamedTuple):
    """A line of text, its columns apart by three blanks, and the place of each of its pieces by what they say."""

    text: str
    boxes: Sequence[tuple[str, Box]]


def rows_of(pieces: Iterable[Piece]) -> list[Row]:
    """The rows from above, each from the left."""
    all_pieces = sorted(pieces, key=lambda piece: piece.left)
    slope = _slope(all_pieces)
    rows: list[list[Piece]] = []
    for piece in all_pieces:
        near = [row for row in rows if _belongs(piece, row[-1], slope)]
        if near:
            min(near, key=lambda row: abs(_off(piece, row[-1], slope))).append(piece)
        else:
            rows.append([piece])
    rows.sort(key=lambda row: row[0].left[1] - slope * row[0].left[0])
    return [Row(_text(row), [(piece.text, piece.box) for piece in row]) for row in rows]


def _slope(pieces: Sequence[Piece]) -> float:
    """How many pixels lines fall for each that they go to the right."""
    wide = [piece for piece in pieces if _width(piece) > _TELLING * piece.height]
    return median([(piece.right[1] - piece.left[1]) / _width(piece) for piece in wide] or [0.0])


def _width(piece: Piece) -> float:
    return max(piece.right[0] - piece.left[0], 1.0)


def _belongs(piece: Piece, last: Piece, slope: float) -> bool:
    apart = piece.left[0] - last.right[0]
    return apart > -piece.height and abs(_off(piece, last, slope)) < _OFF * min(piece.height, last.height)


def _off(piece: Piece, last: Piece, slope: float) -> float:
    """How far below the row of another piece one stands."""
    return piece.left[1] - last.right[1] - slope * (piece.left[0] - last.right[0])


def _text(row: Sequence[Piece]) -> str:
    text = row[0].text
    for last, piece in pairwise(row):
        column = piece.left[0] - last.right[0] > _GAP * last.height
        text += ("   " if column else " ") + piece.text
    return text
