"""When an earlier text was, however a file writes it."""

from datetime import UTC, datetime

import pytest

from service.history.moments import moment

HERE = ("US", "America/New_York")
THERE = ("SE", "Europe/Stockholm")
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
        ("2024-05-04 07:00 UTC-7", HERE),
        ("2024-05-04 07:00 GMT-0700", THERE),
        ("2024-05-04 19:30 UTC+05:30", HERE),
        ("2024-05-04 07:00 PDT", HERE),
        ("2024-05-04 10:00 ET", THERE),
        ("2024-05-04 16:00 CEST", HERE),
        ("2024-05-04 14:00 UTC", THERE),
        ("4 maj 2024 kl. 16:00", THERE),
        ("lördag den 4 maj 2024 16:00", THERE),
        ("4 mai 2024 à 16:00", THERE),
        ("samedi 4 mai 2024 16:00", THERE),
        ("4 de mayo de 2024, 10:00 a. m.", HERE),
        ("sábado, 4 de mayo de 2024 a las 16:00", THERE),
    ],
)
def test_a_time_is_read_as_the_place_writes_it(written, place):
    assert moment(written, *place) == AT


@pytest.mark.parametrize("written", ["1 août 2020", "1er août 2020", "1 de agosto de 2020", "1 augusti 2020"])
def test_a_day_alone_is_its_beginning(written):
    assert moment(written, *THERE) == datetime(2020, 7, 31, 22, tzinfo=UTC)


@pytest.mark.parametrize("written", ["", "soon", "2999-01-01", "1890-01-01", "9" * 500, "2024-13-45"])
def test_what_is_no_time_of_the_past_is_none(written):
    assert moment(written, *HERE) is None


@pytest.mark.parametrize("written", ["10:30", "May", "May 4", "5", "2024", "May 2024", "Saturday", "Saturday 10:30"])
def test_what_has_no_whole_date_is_none(written):
    assert moment(written, *HERE) is None


@pytest.mark.parametrize("written", ["2020-01-01 10:00+9999", "2020-01-01 10:00 QQT", "2020-01-01 10:00 IST", "1\0"])
def test_a_time_zone_that_is_none_or_may_be_several_is_not_guessed(written):
    assert moment(written, *HERE) is None
