"""Requests of other operators for numbers at the second carrier, and refusing them."""

from datetime import UTC, date, datetime, timedelta

import pytest

from provisioning.carriers.telnyx.numbers import TelnyxNumbers
from provisioning.carriers.telnyx.port_outs import TelnyxPortOuts
from provisioning.carriers.telnyx.targets import Targets
from provisioning.contract.errors import Conflict, NotFound
from provisioning.contract.numbers import Routing
from provisioning.contract.port_outs import PortOutRequest, PortOutStatus
from tests.provisioning.rehearsal import lost_and_repeated

NUMBER, NEW_OPERATOR, REASON = "+14152367003", "Metro Bell", "Our customer disputes it."
ROUTING = Routing("https://us.test", "https://us.test", "https://us.test")


@pytest.fixture
def port_outs(at_telnyx):
    return TelnyxPortOuts(at_telnyx.client)


@pytest.fixture
def asked(at_telnyx, world):
    """Another operator asks for a number of ours; the carrier's id of that."""
    TelnyxNumbers(at_telnyx.client, Targets(at_telnyx.client, ""), at_telnyx.pause).buy(NUMBER, "tag", ROUTING)
    return world.port_outs.ask(NUMBER, NEW_OPERATOR).sid


@pytest.fixture
def status(port_outs, clock):
    return lambda: port_outs.recent(clock.now() - timedelta(days=30))[0].status


def test_a_request_tells_who_wants_which_number_when(port_outs, asked, clock):
    assert port_outs.recent(clock.now() - timedelta(days=1)) == [
        PortOutRequest(asked, (NUMBER,), NEW_OPERATOR, PortOutStatus.ASKED, date(2026, 3, 6))
    ]


def test_one_of_before_is_not_among_them(port_outs, asked, clock):
    assert port_outs.recent(clock.now() + timedelta(hours=1)) == []


def test_a_refusal_is_read_by_its_staff_and_then_counts(port_outs, asked, status, world, clock):
    port_outs.refuse(asked, REASON)
    assert status() is PortOutStatus.REFUSING
    clock.jump(timedelta(hours=2))
    world.run_due()
    assert status() is PortOutStatus.REFUSED
    port_outs.refuse(asked, REASON)


@pytest.mark.parametrize("kind", ["lose-before", "lose-after", "error"])
@pytest.mark.parametrize("at", range(2))
def test_wherever_an_answer_was_lost_it_is_refused_once(port_outs, asked, status, world, kind, at):
    lost_and_repeated(world, kind, at, lambda: port_outs.refuse(asked, REASON))
    assert status() is PortOutStatus.REFUSING


def test_what_is_withdrawn_or_gone_says_so_and_is_refused_no_more(port_outs, asked, status, world):
    world.port_outs.withdraw(NUMBER)
    assert status() is PortOutStatus.WITHDRAWN
    with pytest.raises(Conflict):
        port_outs.refuse(asked, REASON)


def test_silence_lets_the_number_go(port_outs, asked, status, world, clock):
    for days in (3, 2):
        clock.jump(timedelta(days=days))
        world.run_due()
    assert status() is PortOutStatus.LEFT
    with pytest.raises(Conflict):
        port_outs.refuse(asked, REASON)


def test_a_request_nobody_knows_is_not_found(port_outs):
    with pytest.raises(NotFound):
        port_outs.refuse("0d7d7e45-9a4c-4a4f-9f5c-2e1b54b6a001", REASON)


def test_nothing_is_asked_for_in_an_empty_account(port_outs):
    assert port_outs.recent(datetime(2026, 1, 1, tzinfo=UTC)) == []


def test_another_operator_has_to_name_the_pin_of_a_number(port_outs, asked, at_telnyx, world):
    [number] = [one for one in world.state.numbers.values() if one.phone_number == NUMBER]
    for pin in ("482913", "482913", "104477"):
        port_outs.set_pin(number.sid, pin)
    assert at_telnyx.client.fetch(f"/phone_numbers/{number.sid}")["external_pin"] == "104477"


def test_the_pin_of_a_number_that_is_gone_is_not_set(port_outs):
    with pytest.raises(NotFound):
        port_outs.set_pin("1234567890", "482913")
