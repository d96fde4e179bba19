"""Numbers and zones as people read them."""

from zoneinfo import ZoneInfo

import pytest

from service.web.shell.words import phone, spelled, zone_name


@pytest.mark.parametrize(
    ("number", "read"),
    [
        ("+12125550201", "(212) 555-0201"),
        ("+16045550123", "(604) 555-0123"),
        ("+46701740605", "+46 70 174 06 05"),
        ("a name", "a name"),
    ],
)
def test_a_number_is_written_as_its_readers_do_and_no_digit_of_a_country_stands_behind_it(number, read):
    assert spelled(number) == read


def test_no_line_break_divides_a_number():
    assert phone("+12125550201") == "(212)\u00a0555\u20110201"


@pytest.mark.parametrize(
    ("zone", "read"),
    [
        ("America/New_York", "Eastern Time"),
        ("US/Eastern", "Eastern Time"),
        ("UTC", "Coordinated Universal Time"),
        ("Etc/GMT+5", "GMT-05:00"),
    ],
)
def test_a_zone_has_a_name_also_where_it_belongs_to_no_country(app, zone, read):
    with app.test_request_context():
        assert zone_name(ZoneInfo(zone)) == read
