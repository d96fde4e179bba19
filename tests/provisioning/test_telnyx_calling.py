"""Calls at the second carrier, whose answer to an order has no id: a callback tells it, and later the log."""

from dataclasses import replace
from datetime import timedelta

import pytest

from provisioning.carriers.telnyx.call_log import CallLog
from provisioning.carriers.telnyx.callbacks import TelnyxCallbacks
from provisioning.carriers.telnyx.calling import TelnyxCalling
from provisioning.carriers.telnyx.targets import Targets
from provisioning.contract.callbacks import Subject
from provisioning.contract.calling import OutgoingCall
from provisioning.contract.errors import Broken, Refused
from provisioning.contract.numbers import Routing
from sandbox.exchange import TELNYX_ACCOUNT
from sandbox.telnyx.calls import LAG
from tests.provisioning.carrier_cases import CallingCases
from tests.provisioning.test_telnyx_numbers import numbers_of

OURS, MEMBER, OWN = "+14152367003", "+14155550131", "+14155552671"
CALL = OutgoingCall(OURS, MEMBER, "https://us.test/out", "https://us.test/over?call=7", seconds=25)


def address(subject):
    return f"https://us.test/{subject}?mark=1"


ROUTING = Routing(*(address(one) for one in (Subject.VOICE, Subject.MESSAGE, Subject.CALL_STATUS)))


@pytest.fixture
def profile(at_telnyx):
    """An outbound voice profile, by which calls may go out."""
    return at_telnyx.client.create("/outbound_voice_profiles", {"name": "Out"})["id"]


@pytest.fixture
def log(at_telnyx):
    return CallLog(at_telnyx.client, TELNYX_ACCOUNT)


@pytest.fixture
def calling(at_telnyx, profile, log):
    targets = Targets(at_telnyx.client, profile)
    numbers_of(at_telnyx).buy(OURS, "tag", ROUTING)
    return TelnyxCalling(at_telnyx.client, log, targets, address)


@pytest.fixture
def now(clock, calling):
    return clock.now()


class TestTelnyxCalling(CallingCases):
    @pytest.fixture
    def call(self):
        return CALL

    @pytest.fixture
    def call_to_nobody(self):
        return replace(CALL, recipient="+10000000000")

    @pytest.fixture
    def until_logged(self, clock, world):
        def pass_time():
            clock.jump(LAG)
            world.run_due()

        return pass_time


def test_who_answers_is_asked_of_us_and_its_steps_are_told_to_its_own_address(calling, world):
    calling.place(CALL)
    [call] = world.state.calls.values()
    assert (call.orders["url"], call.orders["method"], call.orders["timeout"]) == ("https://us.test/out", "POST", "25")
    assert call.orders["status_callback"] == "https://us.test/over?call=7"
    assert call.orders["status_callback_event"] == "initiated completed"


def test_no_phone_rings_shorter_or_longer_than_the_carrier_lets_it(calling, world):
    for seconds in (1, 500):
        calling.place(replace(CALL, seconds=seconds))
    assert [call.orders["timeout"] for call in world.state.calls.values()] == ["5", "120"]


def test_calls_go_out_by_the_application_that_calls_come_in_by(calling, world):
    calling.place(CALL)
    [application] = world.state.applications.values()
    [call] = world.state.calls.values()
    assert call.orders["application_sid"] == application.sid


def test_a_number_of_somebody_else_may_not_be_shown(calling):
    with pytest.raises(Broken, match="does not permit"):
        TelnyxCalling(calling._client, calling._log, Targets(calling._client, ""), address).place(CALL)


def test_a_call_in_is_in_the_log_and_no_call_of_ours(at_telnyx, calling, log, world, now, carry):
    world.call(MEMBER, OURS)
    carry()
    callbacks = TelnyxCallbacks([], at_telnyx.client, log, address)
    [came] = callbacks.ended_calls(now)
    assert (came.caller, came.called) == (MEMBER, OURS)
    assert calling.ended(came.reference) == came
    assert calling.find(replace(CALL, sender=MEMBER, recipient=OURS), now) == []
    assert callbacks.ended_calls(now + timedelta(minutes=5)) == []


def test_a_number_that_was_verified_may_be_shown_until_that_is_taken_back(calling, world):
    assert not calling.may_show(OWN)
    assert calling.begin_proof(OWN, "Alice's Bakery", "https://us.test/told") == ""
    [asked] = world.state.caller_ids.values()
    with pytest.raises(Refused):
        calling.finish_proof(OWN, "0" if asked.code != "0" else "1")
    assert not calling.may_show(OWN)
    calling.finish_proof(OWN, asked.code)
    assert calling.may_show(OWN)
    for _ in range(2):
        calling.stop_showing(OWN)
    assert not calling.may_show(OWN)
