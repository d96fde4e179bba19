"""Where calls and texts may go: the numbers that a live attack called and texted are refused."""

import pytest

from service.spending.destinations import Barrier, barrier, country_of


@pytest.mark.parametrize(
    "number",
    [
        "+8801711234567",  # Bangladesh
        "+628123456789",  # Indonesia
        "+252612345678",  # Somalia
        "+18765551234",  # Jamaica: +1 too
        "+16585551234",  # Jamaica's second area code
        "+447781123456",  # Guernsey: +44 too
        "+46701740605",
        "+9991234567",  # a country that does not exist
    ],
)
def test_numbers_in_other_countries_are_not_served(number):
    assert barrier(number, {"US", "CA", "GB"}) is Barrier.NOT_SERVED


@pytest.mark.parametrize(
    "number",
    [
        "+447012345678",  # personal numbers, 070
        "+881612345678",  # Iridium
        "+8821612345678",
        "+870773123456",  # Inmarsat
        "+19005550123",
        "+14159761234",  # a pay-per-call exchange
        "+15005550006",
        "+46939123456",
        "+449012345678;ext=12",
    ],
)
def test_numbers_that_cost_extra_are_refused_in_countries_that_are_served(number):
    assert barrier(number, {"US", "CA", "GB", "SE", "001"}) is Barrier.COSTS_EXTRA


@pytest.mark.parametrize(
    ("number", "country"),
    [("+14155552671", "US"), ("+14165552671", "CA"), ("+18005552671", "US"), ("+46701740605", "SE")],
)
def test_ordinary_numbers_of_countries_that_are_served_are_not(number, country):
    assert country_of(number) == country
    assert barrier(f"{number};ext=12", {country}) is None
