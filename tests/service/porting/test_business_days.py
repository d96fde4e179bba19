"""Business days as the operators of each country keep them."""

from datetime import UTC, date, datetime

import pytest

from service.porting.business_days import (
    business_day_after,
    business_days_between,
    business_days_taken,
    is_business_day,
)


@pytest.mark.parametrize(
    ("country", "day"),
    [
        # Canada, by federal rules
        ("CA", date(2026, 5, 18)),  # Victoria Day
        ("CA", date(2026, 9, 30)),  # Truth and Reconciliation
        ("CA", date(2026, 10, 12)),  # Thanksgiving
        ("CA", date(2026, 11, 11)),  # Remembrance Day
        ("CA", date(2026, 12, 28)),  # Boxing Day, observed
        ("CA", date(2028, 7, 3)),  # Canada Day, observed
        ("GB", date(2026, 12, 28)),  # Boxing Day, observed
        # Swedish eves
        ("SE", date(2026, 6, 19)),
        ("SE", date(2026, 12, 24)),
        ("SE", date(2026, 12, 31)),
        ("SE", date(2026, 4, 3)),
        ("US", date(2026, 11, 26)),
        ("US", date(2027, 12, 31)),  # the new year's, observed in the old
        ("", date(2026, 11, 26)),
        ("SE", date(2026, 3, 1)),
        ("ZZ", date(2026, 3, 1)),
    ],
)
def test_no_work_is_done_on_a_weekend_or_holiday(country, day):
    assert not is_business_day(day, country)


@pytest.mark.parametrize(
    ("country", "day"),
    [
        ("CA", date(2026, 2, 16)),  # Family Day is the provinces'
        ("CA", date(2026, 4, 6)),  # Easter Monday is no federal holiday
        ("CA", date(2026, 7, 3)),
        ("US", date(2026, 12, 24)),
        ("SE", date(2026, 12, 23)),
        ("US", date(2026, 12, 28)),
        ("ZZ", date(2026, 3, 2)),
    ],
)
def test_other_days_are_business_days(country, day):
    assert is_business_day(day, country)


def test_business_days_are_counted_over_the_eves():
    assert business_day_after(date(2026, 12, 23), 1, "SE") == date(2026, 12, 28)
    assert business_days_between(date(2026, 12, 23), date(2027, 1, 4), "SE") == 4
    assert business_day_after(date(2026, 12, 24), 1, "CA") == date(2026, 12, 29)


def test_the_days_of_two_moments_are_those_at_the_number():
    filed, came = datetime(2026, 3, 5, 1, 30, tzinfo=UTC), datetime(2026, 3, 11, 18, tzinfo=UTC)
    assert business_days_taken("+14155552001", filed, came) == 5, "a Wednesday evening in San Francisco"
    assert business_days_taken("+12125552001", filed, came) == 5, "a Wednesday evening in New York"
    assert business_days_taken("+46850111111", filed, came) == 4, "a Thursday night in Stockholm"
