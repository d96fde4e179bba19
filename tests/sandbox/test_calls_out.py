"""Calls the account orders: to phones outside, to its own numbers, with what is asked about them."""

import pytest
from twilio.base.exceptions import TwilioRestException

from tests.sandbox.conftest import play_calls

CUSTOMER, ALICE = "+12125550123", "+14155550101"
HELLO = "<Response><Say>Hello</Say></Response>"


@pytest.fixture
def ours(client):
    return client.incoming_phone_numbers.create(area_code="415", voice_url="http://listener.test/voice").phone_number


@pytest.fixture
def order(client, world, ours):
    """A call is ordered, and played to its end."""

    def order_call(to=CUSTOMER, **told):
        document = {} if {"url", "application_sid"} & set(told) else {"twiml": HELLO}
        call = client.calls.create(to=to, from_=ours, **document, **told)
        play_calls(world)
        return world.state.calls[call.sid]

    return order_call


@pytest.mark.parametrize(
    ("answers", "detection", "answered_by"),
    [
        ("answer", "Enable", "human"),
        ("voicemail", "Enable", "machine_start"),
        ("voicemail", "DetectMessageEnd", "machine_end_beep"),
        ("voicemail", None, None),
    ],
)
def test_a_machine_is_told_from_a_person_if_asked(order, world, client, listener, answers, detection, answered_by):
    world.phone(CUSTOMER, answers=answers)
    listener.answers["/out"] = HELLO
    told = {"machine_detection": detection} if detection else {}
    call = order(url="http://listener.test/out", status_callback="http://listener.test/status", **told)
    assert client.calls(call.sid).fetch().answered_by == answered_by
    assert listener.at("/out")[0].form.get("AnsweredBy") == answered_by
    assert listener.at("/status")[-1].form.get("AnsweredBy") == answered_by


def test_a_machine_is_told_by_a_callback_of_its_own_if_asked(order, world, listener):
    world.phone(CUSTOMER, answers="voicemail")
    listener.answers["/out"] = HELLO
    told = {"machine_detection": "Enable", "async_amd": "true", "async_amd_status_callback": "http://listener.test/who"}
    call = order(url="http://listener.test/out", **told)
    assert "AnsweredBy" not in listener.at("/out")[0].form
    [verdict] = listener.at("/who")
    assert set(verdict.form) == {"CallSid", "AccountSid", "AnsweredBy", "MachineDetectionDuration"}
    assert (verdict.form["CallSid"], verdict.form["AnsweredBy"]) == (call.sid, "machine_start")


def test_a_strange_detection_is_refused(order):
    with pytest.raises(TwilioRestException) as refusal:
        order(machine_detection="Perhaps")
    assert refusal.value.code == 20001


def test_a_call_out_can_be_recorded(order, client, listener):
    call = order(record=True, recording_status_callback="http://listener.test/sound")
    [heard] = listener.at("/sound")
    assert (heard.form["RecordingSource"], heard.form["CallSid"]) == ("OutboundAPI", call.sid)
    assert client.recordings(heard.form["RecordingSid"]).fetch().source == "OutboundAPI"


def test_the_number_that_is_called_may_be_our_own(order, client, listener):
    other = client.incoming_phone_numbers.create(area_code="212", voice_url="http://listener.test/other").phone_number
    listener.answers["/other"] = "<Response><Say>Welcome</Say></Response>"
    call = order(to=other)
    assert call.transcript == [f"   {other}: says “Welcome”", f"   {other}: hangs up", "says “Hello”"]
    assert listener.at("/other")[0].form["From"] == call.from_


def test_a_phone_outside_may_forward_back_to_us(order, world, client, listener):
    other = client.incoming_phone_numbers.create(area_code="212", voice_url="http://listener.test/other").phone_number
    listener.answers["/other"] = "<Response><Reject/></Response>"
    world.phone(CUSTOMER, answers=f"forward:{other}")
    assert order().status == "no-answer"
    assert listener.at("/other")[0].form["ForwardedFrom"] == CUSTOMER


def test_a_call_can_be_handed_to_an_application(order, client, listener):
    listener.answers["/app"] = HELLO
    application = client.applications.create(friendly_name="Line", voice_url="http://listener.test/app")
    assert order(application_sid=application.sid).transcript == ["says “Hello”"]


def test_click_to_call_rings_the_member_first_and_then_the_contact(order, world, listener, ours):
    listener.answers["/out"] = (
        f'<Response><Dial callerId="{ours}" action="/after" record="record-from-answer-dual" '
        f'recordingStatusCallback="/sound"><Number statusCallback="/leg" statusCallbackEvent="answered completed">'
        f"{CUSTOMER}</Number></Dial></Response>"
    )
    listener.answers["/after"] = "<Response/>"
    call = order(to=ALICE, url="http://listener.test/out")
    assert call.transcript == [
        f"rings {CUSTOMER}",
        f"{CUSTOMER} answers",
        f"talks with {CUSTOMER}",
        "the conversation is recorded",
    ]
    assert [each.form["CallStatus"] for each in listener.at("/leg")] == ["in-progress", "completed"]
    assert listener.at("/leg")[0].form["From"] == ours
    assert listener.at("/sound")[0].form["RecordingChannels"] == "2"


def test_calls_that_are_ordered_faster_than_the_account_may_wait_their_turn(client, world, ours):
    world.limit_calls(per_second=0.5)
    sids = [client.calls.create(to=CUSTOMER, from_=ours, twiml=HELLO).sid for _ in range(3)]
    assert [client.calls(sid).fetch().queue_time for sid in sids] == ["0", "2000", "4000"]
    world.run_due()
    assert [world.state.calls[sid].status for sid in sids] == ["ringing", "queued", "queued"]


def test_a_call_beyond_those_that_the_account_may_hold_is_refused(client, world, ours):
    world.limit_calls(at_once=1)
    client.calls.create(to=CUSTOMER, from_=ours, twiml=HELLO)
    with pytest.raises(TwilioRestException) as refusal:
        client.calls.create(to=ALICE, from_=ours, twiml=HELLO)
    assert refusal.value.code == 10004
    play_calls(world)
    assert client.calls.create(to=ALICE, from_=ours, twiml=HELLO).sid
