"""Whose an earlier text was, and when, however a file writes it."""

from datetime import UTC, datetime

import pytest

from service.history.entries import Entry
from service.history.sides import Place, moment, placed
from service.inbox.models import Direction
from tests.service.history.exports import ANN, BEN, OURS

HERE = Place("US", "America/New_York", ())
THERE = Place("SE", "Europe/Stockholm", ())
AT = datetime(2024, 5, 4, 14, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "place"),
    [
        ("2024-05-04T14:00:00.000Z", HERE),
        ("2024-05-04T10:00:00-04:00", THERE),
        ("2024-05-04 10:00", HERE),
        ("05/04/2024 10:00 AM", HERE),
        ("May 4, 2024, 10:00 AM", HERE),
        ("2024-05-04 16:00", THERE),
        ("04/05/2024 16:00", THERE),
        ("4 May 2024 16:00", THERE),
    ],
)
def test_a_time_is_read_as_the_place_writes_it(written, place):
    assert moment(written, place) == AT


@pytest.mark.parametrize("written", ["", "soon", "2999-01-01", "1890-01-01", "9" * 500, "2024-13-45"])
def test_what_is_no_time_of_the_past_is_none(written):
    assert moment(written, HERE) is None


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
