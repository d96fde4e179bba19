"""Opening hours, in the line's own time zone."""

from datetime import UTC, date, datetime

import pytest

from service.calls.changing import keep
from service.calls.hours import holiday, is_open, is_place, open_at
from service.calls.nodes import Hours, Span, usual

NINE_TO_FIVE = (Span(9 * 60, 17 * 60),)
SHOP = Hours("America/New_York", (NINE_TO_FIVE,) * 5 + ((), ()), holidays="US", closed_on=(date(2026, 3, 3),))


@pytest.mark.parametrize(
    ("utc", "opened"),
    [
        ("2026-03-02T13:59", False),
        ("2026-03-02T14:00", True),
        ("2026-03-02T21:59", True),
        ("2026-03-02T22:00", False),
        ("2026-03-09T13:00", True),  # the clocks went forward the day before
        ("2026-03-07T15:00", False),  # a Saturday
        ("2026-03-03T15:00", False),  # a day of our own
        ("2026-07-03T15:00", False),  # the Fourth falls on a Saturday
    ],
)
def test_a_line_is_open_by_the_clock_of_its_own_zone(utc, opened):
    assert open_at(SHOP, datetime.fromisoformat(utc).replace(tzinfo=UTC)) is opened


def test_a_line_without_hours_is_always_open(session, clock, line):
    assert is_open(session, line, datetime(2026, 3, 1, 3, tzinfo=UTC))


def test_a_line_follows_the_hours_it_was_given(session, clock, line):
    from dataclasses import replace

    keep(session, line, replace(usual(), hours=SHOP))
    assert not is_open(session, line, datetime(2026, 3, 1, 15, tzinfo=UTC))
    assert is_open(session, line, datetime(2026, 3, 2, 15, tzinfo=UTC))


def test_a_part_of_a_country_has_holidays_of_its_own():
    assert holiday("US-CA", date(2026, 3, 31)) == "Cesar Chavez Day"
    assert holiday("US", date(2026, 3, 31)) == ""


def test_midsummer_eve_is_a_holiday_in_sweden_and_nowhere_is_none():
    assert holiday("SE", date(2026, 6, 20))
    assert holiday("", date(2026, 6, 20)) == ""


@pytest.mark.parametrize(("place", "known"), [("SE", True), ("US-CA", True), ("US-XX", False), ("Mars", False)])
def test_only_known_places_have_holidays(place, known):
    assert is_place(place) is known
