from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from provisioning.contract.calling import OutgoingCall
from provisioning.contract.errors import Conflict, Refused
from provisioning.contract.numbers import Routing
from sandbox.records import Call
from tests.provisioning.carrier_cases import CallingCases

OURS, MEMBER, OWN = "+14152367003", "+14155550131", "+14155552671"
CALL = OutgoingCall(OURS, MEMBER, "https://us.test/out", "https://us.test/over?call=7", seconds=25)


@pytest.fixture
def calling(carrier):
    carrier.network.numbers.buy(OURS, "tag", Routing("https://us.test", "https://us.test", "https://us.test"))
    return carrier.network.calling


@pytest.fixture
def now(clock):
    return clock.now()


class TestTwilioCalling(CallingCases):
    @pytest.fixture
    def call(self):
        return CALL

    @pytest.fixture
    def call_to_nobody(self):
        return replace(CALL, recipient="+15005550001")


def test_who_answers_is_asked_of_us_and_the_end_is_told(calling, world):
    calling.place(CALL)
    [call] = world.state.calls.values()
    assert (call.orders["url"], call.orders["method"]) == ("https://us.test/out", "POST")
    assert call.orders["status_callback"].startswith("https://us.test/over?call=7")


def test_whether_a_machine_picked_up_is_told_if_we_want_to_hear_it_and_keeps_nobody_waiting(calling, world, carrier):
    calling.place(replace(CALL, machine_url="https://us.test/machine?call=7"))
    calling.place(replace(CALL, recipient=OWN))
    told, untold = (call.orders for call in world.state.calls.values())
    assert (told["machine_detection"], told["async_amd"]) == ("Enable", "true")
    assert told["async_amd_status_callback"].startswith("https://us.test/machine?call=7")
    assert untold["machine_detection"] == untold["async_amd"] == ""
    assert carrier.network.prices.detection > 0


def test_a_call_costs_what_its_legs_cost_once_all_of_them_have_a_price(calling, world, now):
    world.call("+14155550123", OURS)
    [arrived] = [one for one in world.state.calls.values() if one.direction == "inbound"]
    arrived.seconds = 1
    assert calling.prices(now) == {arrived.sid: Decimal("0.0085")}
    leg = Call(
        f"CA{7:032}", arrived.account_sid, OURS, MEMBER, "outbound-dial", "in-progress", now, arrived.sid, started=now
    )
    world.state.calls[leg.sid] = leg
    assert calling.prices(now) == {}
    leg.ended, leg.seconds = now, 61
    assert calling.prices(now) == {arrived.sid: Decimal("0.0255")}
    assert calling.prices(now + timedelta(days=1)) == {}


def test_a_phone_with_an_extension_is_called_and_found_by_its_number(calling, now):
    extended = replace(CALL, recipient=f"{MEMBER};ext=12")
    placed = calling.place(extended)
    assert calling.find(extended, now) == [placed]


def test_a_number_that_is_not_ours_cannot_be_shown_before_its_owner_has_keyed_the_code(calling, world):
    with pytest.raises(Refused):
        calling.place(replace(CALL, sender=OWN))
    code = calling.begin_proof(OWN, "Alice's Bakery", "https://us.test/told")
    assert not calling.may_show(OWN)
    assert not world.verify_caller(OWN, "000000" if code != "000000" else "111111")
    assert not calling.may_show(OWN)


def test_a_number_may_be_shown_once_its_owner_has_keyed_the_code(calling, world):
    assert world.verify_caller(OWN, calling.begin_proof(OWN, "Alice's Bakery", "https://us.test/told"))
    assert calling.may_show(OWN)
    assert calling.place(replace(CALL, sender=OWN))


def test_a_proof_is_forgotten_however_often_it_is_told_and_can_be_given_again(calling, world):
    world.verify_caller(OWN, calling.begin_proof(OWN, "Alice's Bakery", "https://us.test/told"))
    for _ in range(2):
        calling.stop_showing(OWN)
        assert not calling.may_show(OWN)
    assert world.verify_caller(OWN, calling.begin_proof(OWN, "Alice's Bakery", "https://us.test/told"))


def test_a_number_that_may_be_shown_already_is_not_called_again(calling, world):
    world.verify_caller(OWN, calling.begin_proof(OWN, "Alice's Bakery", "https://us.test/told"))
    with pytest.raises(Conflict):
        calling.begin_proof(OWN, "Alice's Bakery", "https://us.test/told")


def test_a_code_that_was_keyed_at_the_phone_is_taken_nowhere_else(calling):
    code = calling.begin_proof(OWN, "Alice's Bakery", "https://us.test/told")
    with pytest.raises(Refused):
        calling.finish_proof(OWN, code)
