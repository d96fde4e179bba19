"""Numbers as people read them."""

import pytest

from service.web.shell.words import phone, spelled


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
