"""Records are read one by one: an odd one stands in the list, and what says nothing of one is raised."""

from datetime import UTC, datetime, timedelta

import phonenumbers
import pytest

from provisioning.contract.errors import Broken, NotFound, Unavailable
from provisioning.contract.unreadable import Unreadable
from provisioning.records import read_each, read_since

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def raising(error):
    def read(record):
        if record == "odd":
            raise error
        return record.upper()

    return read


def no_credentials():
    error = Broken("the carrier does not accept our credentials")
    error.not_made = True
    return error


@pytest.mark.parametrize(
    "error",
    [
        KeyError("id"),
        ValueError("no date"),
        phonenumbers.NumberParseException(phonenumbers.NumberParseException.NOT_A_NUMBER, "none"),
        Broken("answer not understood"),
        NotFound("kept for ten days"),
    ],
)
def test_one_that_cannot_be_read_keeps_none_of_the_others_out(error):
    found = read_each(["a", "odd", "b"], raising(error), str)
    assert found == ["A", Unreadable("odd", type(error).__name__), "B"]


@pytest.mark.parametrize("error", [Unavailable("no answer"), no_credentials()])
def test_what_says_nothing_of_one_record_is_raised(error):
    with pytest.raises(type(error)):
        read_each(["odd"], raising(error), str)


def test_those_since_a_moment_come_oldest_first_behind_those_without_one():
    ages = {"young": 1, "older": 2, "too old": 9}
    records = ["young", "dateless", "too old", "older"]
    found = read_since(
        records, NOON - timedelta(hours=3), at=lambda one: NOON - timedelta(hours=ages[one]), read=str, name=str
    )
    assert found == [Unreadable("dateless", "KeyError"), "older", "young"]


def test_only_those_of_the_time_are_read():
    read = []
    read_since(
        [1, 5], NOON + timedelta(hours=2), at=lambda hours: NOON + timedelta(hours=hours), read=read.append, name=str
    )
    assert read == [5]


def test_an_id_is_cut_and_one_that_is_missing_is_none():
    assert read_each([{}], lambda one: one["id"], lambda one: one.get("id")) == [Unreadable("", "KeyError")]
    assert read_each(["x" * 99], int, str) == [Unreadable("x" * 64, "ValueError")]
