"""Losing carriers with characters: the same numbers go the same way, and each operator goes its own."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest

from sandbox.losing_carriers import (
    CHARACTERS,
    CLOSES,
    FORGOTTEN,
    OPENS,
    Asked,
    CustomerRecord,
    answered_at,
    character_of,
    committed_day,
    objection,
    record_of,
    slips,
)
from sandbox.porting.dates import business_day
from sandbox.porting.records import NumberStatus

MONDAY = datetime(2026, 3, 2, 15, tzinfo=UTC)
ENDINGS = ("5201", "5202", "5203", "5204", "5205", "6201")


def numbers(ending, count=400):
    return [f"+1{212 + place // 700}{220 + place % 700}{ending}" for place in range(count)]


def asked(number, turn=1, **said):
    record = record_of(number)
    right = {
        "name": record.name,
        "postal_code": record.postal_code,
        "account_number": record.account_number,
        "pin": "4242",
    }
    return Asked(number, turn, **{**right, **said})


def waits(ending):
    """How many requests waited how many business days for their answer."""
    told = Counter()
    for number in numbers(ending):
        answer = answered_at(character_of(number), asked(number), MONDAY)
        assert OPENS <= answer.hour < CLOSES
        told[next(days for days in range(30) if business_day(date(2026, 3, 3), days) == answer.date())] += 1
    return told


def test_every_character_has_numbers():
    assert {character_of(numbers(ending, 1)[0]) for ending in ENDINGS} == set(CHARACTERS.values())
    assert character_of("+12125552000") is None


def test_a_slow_one_takes_days_where_a_prompt_one_answers_on_the_next():
    assert max(waits("5201")) == 2
    assert min(waits("5203")) == 3
    assert waits("5201") == waits("5201"), "by chance, and the same way twice"


def test_a_forgetful_one_loses_one_request_in_seven():
    assert 40 <= waits("5204")[FORGOTTEN] <= 80


def test_one_date_in_four_slips_at_the_slipping_one_alone():
    slipped = {
        ending: sum(slips(character_of(one), asked(one)) for one in numbers(ending)) for ending in ("5201", "5205")
    }
    assert slipped["5201"] == 0
    assert 80 <= slipped["5205"] <= 120


@pytest.mark.parametrize(
    ("ending", "said", "code"),
    [
        ("5202", {"name": "Somebody Else"}, 22153),
        ("5202", {"postal_code": "99999"}, 22154),
        ("5202", {"account_number": "1000-2000-30"}, 22156),
        ("5202", {}, None),
        ("5202", {"name": "alice plumbing", "account_number": ""}, None),
        ("5201", {"name": "Somebody Else", "postal_code": "99999"}, None),
        ("5201", {"account_number": "1000-2000-30"}, 22156),
        ("6201", {"pin": "1111"}, 22155),
        ("6201", {}, None),
    ],
)
def test_what_differs_from_the_record_is_objected_to_and_the_strict_one_compares_it_all(ending, said, code):
    number = next(one for one in numbers(ending) if record_of(one) == CustomerRecord())
    assert objection(character_of(number), asked(number, **said)) == code


def test_one_customer_in_five_is_in_the_books_otherwise_than_they_think():
    otherwise = sum(record_of(one) != CustomerRecord() for one in numbers("5202"))
    assert 60 <= otherwise <= 100
    assert [record_of(one, seed=1) for one in numbers("5202")] != [record_of(one) for one in numbers("5202")]


def test_a_wish_is_mostly_granted_and_else_a_later_day_given():
    wished = date(2026, 3, 17)
    given = Counter(
        committed_day(character_of(one), asked(one, wished=wished), MONDAY.date()) for one in numbers("5203")
    )
    assert set(given) == {wished, date(2026, 3, 19)}
    assert 90 <= given[date(2026, 3, 19)] <= 150


@pytest.fixture
def filed(world, clock, file_port):
    """A signed request, and all that follows by itself."""

    def file(number, **said):
        port = world.port_in(file_port(number, **said))
        clock.jump(timedelta(seconds=6))
        world.run_due()
        world.sign(number)
        clock.jump(timedelta(days=40))
        world.run_due()
        return port.numbers[0]

    return file


def alike(ending):
    """A number whose customer is in the books as they think."""
    return next(one for one in numbers(ending) if record_of(one) == CustomerRecord())


def test_a_request_is_answered_when_its_operator_gets_to_it_and_the_book_tells_each_change(filed):
    sent, dated, came = filed(alike("5203")).past[1:]
    assert [one.status for one in (sent, dated, came)] == [
        NumberStatus.PORT_SUBMITTED,
        NumberStatus.PORT_PENDING,
        NumberStatus.COMPLETED,
    ]
    assert dated.at - sent.at > timedelta(days=2)
    assert came.at == dated.port_date


def test_a_date_that_slips_holds_on_the_next_business_day(filed):
    number = next(one for one in numbers("5205") if slips(character_of(one), asked(one)))
    promised, kept, came = filed(number).past[2:]
    assert kept.port_date.date() == business_day(promised.port_date.date(), later=1)
    assert came.at == kept.port_date


def test_a_strict_one_rejects_until_the_request_is_as_its_books_have_it(filed, world):
    number = alike("5202")
    assert filed(number, losing={"customer_name": "Somebody Else"}).past[-1].rejection_code == 22153
    world.cancel_number(number, number)
    again = filed(number, losing={"account_number": "1000-2000-30"})
    assert (again.turn, again.past[-1].rejection_code) == (2, 22156)
