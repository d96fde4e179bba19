"""Whose an earlier text was, however a file writes it."""

from service.history.entries import Entry
from service.history.sides import Place, placed
from service.inbox.models import Direction
from tests.service.history.exports import ANN, BEN, OURS

HERE = Place("US", "America/New_York", ())


def test_the_numbers_tell_the_direction_where_the_file_does_not():
    place = Place("US", "UTC", {OURS})
    rows = [Entry("2024-05-04", "", OURS, "(415) 555-0111"), Entry("2024-05-04", "", ANN, OURS)]
    assert [(one.direction, one.other, one.ours) for one in placed(rows, place)] == [
        (Direction.OUT, ANN, OURS),
        (Direction.IN, ANN, OURS),
    ]


def test_our_number_is_the_one_in_most_rows_where_the_workspace_does_not_know_it():
    rows = [Entry("2024-05-04", "", OURS, ANN), Entry("2024-05-04", "", BEN, OURS)]
    assert [(one.direction, one.other) for one in placed(rows, HERE)] == [(Direction.OUT, ANN), (Direction.IN, BEN)]


def test_where_nothing_tells_which_number_is_ours_the_text_is_left_out():
    assert list(placed([Entry("2024-05-04", "", OURS, ANN)], HERE)) == []


def test_who_has_no_whole_number_is_left_out():
    rows = [Entry("2024-05-04", "in", "72345", OURS), Entry("2024-05-04", "in", "", OURS)]
    assert list(placed(rows, HERE)) == []
