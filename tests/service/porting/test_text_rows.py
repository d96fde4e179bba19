"""Pieces of text on a photo are put into the rows in which they are printed."""

import pytest

from service.porting.text_rows import Box, Piece, rows_of

NOWHERE = Box(0, 0, 0, 0)


def piece(text, left, top, slope=0.0, width=None):
    """A piece that begins at a place of the upright page, on a photo whose lines fall by `slope`."""
    width = width or 10 * len(text)
    return Piece(text, (left, top + slope * left), (left + width, top + slope * (left + width)), 20, NOWHERE)


@pytest.mark.parametrize("slope", [0, 0.07, -0.07])
def test_columns_of_a_tilted_photo_stay_in_their_rows(slope):
    pieces = [
        piece("Account number", 0, 30, slope),
        piece("Due", 900, 0, slope),
        piece("Bill date", 0, 0, slope),
        piece("1000 2000", 900, 30, slope),
        piece("30", 1000, 31, slope),
    ]
    assert [row.text for row in rows_of(pieces)] == ["Bill date   Due", "Account number   1000 2000 30"]


def test_lines_above_each_other_are_no_row():
    assert [row.text for row in rows_of([piece("below", 5, 22), piece("above", 0, 0)])] == ["above", "below"]


def test_of_nothing_there_are_no_rows():
    assert rows_of([]) == []
