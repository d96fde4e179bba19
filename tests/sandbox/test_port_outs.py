"""Another operator asks for a number of the account, and has it after some days unless that is disputed."""

from datetime import timedelta

import pytest

from sandbox.errors import OutOfTurn, Unknown
from sandbox.porting.records import PortOutStatus

THEIRS = "Metro Bell"


@pytest.fixture
def number(world):
    return world.inventory.buy(world.exchange.account_sid, "+14152367003", "").phone_number


@pytest.fixture
def ask(world, number):
    def ask(account_number=None):
        return world.port_outs.ask(number, THEIRS, account_number or world.exchange.account_sid)

    return ask


def wait(world, **length):
    world.wind(timedelta(**length))
    world.run_due()


def test_it_leaves_after_some_days(world, number, ask):
    asked = ask()
    wait(world, days=3)
    assert world.inventory.held(number)
    wait(world, days=2)
    assert asked.status is PortOutStatus.PORTED
    assert world.inventory.held(number) is None
    assert world.port_outs.operator_of(number) == THEIRS


@pytest.mark.parametrize(("end", "status"), [("dispute", PortOutStatus.REFUSED), ("withdraw", PortOutStatus.CANCELED)])
def test_it_stays_where_that_is_disputed_or_withdrawn(world, number, ask, end, status):
    asked = ask()
    getattr(world.port_outs, end)(number)
    wait(world, days=30)
    assert asked.status is status
    assert world.inventory.held(number)


def test_who_does_not_know_the_account_number_is_refused_at_once(world, number, ask):
    assert ask("1234567").status is PortOutStatus.REFUSED
    wait(world, days=30)
    assert world.inventory.held(number)


def test_a_request_that_was_refused_does_not_shorten_the_next(world, number, ask):
    ask("1234567")
    wait(world, days=3)
    ask()
    wait(world, days=2)
    assert world.inventory.held(number)


def test_only_numbers_of_the_account_are_asked_for_and_once(world, number, ask):
    ask()
    with pytest.raises(OutOfTurn):
        ask()
    with pytest.raises(Unknown):
        world.port_outs.ask("+14155550199", THEIRS, world.exchange.account_sid)
    with pytest.raises(Unknown):
        world.port_outs.dispute("+14155550199")


def test_its_calls_and_texts_reach_the_other_operator(world, number, ask):
    ask()
    world.port_outs.complete(number)
    world.text("+14155550123", number, "Are you open?")
    assert [text.body for text in world.phone(number).texts] == ["Are you open?"]


def test_the_mistaken_are_refused_at_once_and_whoever_knows_the_account_number_is_not(world, number):
    assert world.port_outs.ask_as(number, "mistaken").status is PortOutStatus.REFUSED
    for who in ("owner", "owner_without_pin", "thief", "thief_with_pin"):
        assert world.port_outs.ask_as(number, who).status is PortOutStatus.PENDING
        world.port_outs.withdraw(number)
    with pytest.raises(Unknown):
        world.port_outs.ask_as(number, "nobody")
