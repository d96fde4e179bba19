"""Many numbers, as people give them."""

import pytest

from service.porting.lists import WrongLine, read_list

ONE, TWO = "+14155552671", "+12125552000"


@pytest.mark.parametrize(
    "content",
    [
        f"{ONE}\n{TWO}\n",
        "(415) 555-2671\r\n\r\n212.555.2000",
        '"(415) 555-2671","Front desk"\n"(212) 555-2000","Kitchen, back"',
        "Number;Name\n415-555-2671;Front desk\n212-555-2000;Kitchen",
        "Phone\n4155552671\tFront desk\n2125552000\tKitchen\n4155552671\tagain",
    ],
)
def test_a_list_is_read_in_any_usual_form(content):
    assert read_list(content) == ([ONE, TWO], [])


def test_every_wrong_line_is_named_with_its_place():
    assert read_list(f"{ONE}\n12\n\nKitchen\n") == ([ONE], [WrongLine(2, "12"), WrongLine(4, "Kitchen")])


def test_a_number_that_a_spreadsheet_has_rounded_is_wrong():
    assert read_list("4.15555E+09") == ([], [WrongLine(1, "4.15555E+09")])


@pytest.mark.parametrize("content", ["", "\n\n", "Number\n"])
def test_an_empty_list_has_no_numbers(content):
    assert read_list(content) == ([], [])


def test_a_broken_quote_is_a_wrong_line_and_no_crash():
    assert read_list('"415') == ([], [WrongLine(1, "415")])
