"""Form fields: the values that people and browsers' autofill send."""

import pytest
from marshmallow import ValidationError

from service.web.shell.fields import email, local_path, place, wall_clock


@pytest.mark.parametrize("path", ["/inbox/7?view=done", "/", "/ports/3f/fix?in=sv"])
def test_a_path_of_ours_is_followed(path):
    assert local_path(path) == path


@pytest.mark.parametrize(
    "path",
    [
        "https://elsewhere.example/",
        "//elsewhere.example",
        "///elsewhere.example",
        "/\\elsewhere.example",
        "/\t/elsewhere.example",
        "elsewhere",
        "",
    ],
)
def test_what_a_browser_would_take_for_another_site_is_not(path):
    assert local_path(path) == "/"


def test_no_line_end_gets_into_a_redirect():
    assert local_path("/inbox\r\nX: y") == "/"


@pytest.mark.parametrize("typed", ["²¹²", "41", "Boston"])
def test_an_area_code_has_three_digits(typed):
    with pytest.raises(ValidationError):
        place(typed)


def test_an_area_code_may_be_left_open_or_be_a_number():
    assert place("") == {"area": "", "bringing": ""}
    assert place("(415)") == {"area": "415", "bringing": ""}
    assert place("(415) 555-2671") == {"area": "415", "bringing": "+14155552671"}


@pytest.mark.parametrize("typed", ["9999-12-31T23:59", "0001-01-01T00:00"])
def test_the_ends_of_the_calendar_are_no_time(typed):
    with pytest.raises(ValidationError):
        wall_clock(typed)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("Alice@Bakery.Example", "alice@bakery.example"),
        ("info@Bäckerei.example", "info@bäckerei.example"),
        ("info@xn--bckerei-5wa.example", "info@bäckerei.example"),
        ("o'brien+shop@example.com", "o'brien+shop@example.com"),
        ("", ""),
    ],
)
def test_an_address_is_read_in_one_spelling(typed, read):
    assert email(typed) == read


@pytest.mark.parametrize(
    "typed",
    [
        "åsa@example.com",
        "ali\u200bce@example.com",
        "alice@exam\u200bple.com",
        "\u202aalice@example.com",
        "alice",
        "a@b",
    ],
)
def test_an_address_that_no_server_takes_is_refused(typed):
    with pytest.raises(ValidationError):
        email(typed)
