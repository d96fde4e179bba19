"""Conferences: one begins with the second participant, and its first one says who hears of it."""

from datetime import timedelta

import pytest
from twilio.base.exceptions import TwilioRestException

from tests.sandbox.conftest import play_calls

CUSTOMER, ALICE = "+12125550123", "+14155550101"
LEG = '<Response><Dial><Conference endConferenceOnExit="true">standup</Conference></Dial></Response>'


@pytest.fixture
def ours(client):
    return client.incoming_phone_numbers.create(area_code="415", voice_url="http://listener.test/voice").phone_number


@pytest.fixture
def enter(world, listener, ours):
    """Call, and enter the conference."""
    listener.answers |= {"/after": "<Response><Say>Bye</Say></Response>", "/leg": LEG}

    def call(**attributes):
        written = "".join(f' {name}="{value}"' for name, value in attributes.items())
        listener.answers["/voice"] = (
            f'<Response><Dial action="/after"><Conference statusCallback="/room" '
            f'statusCallbackEvent="start join leave end"{written}>standup</Conference></Dial></Response>'
        )
        made = world.call(CUSTOMER, ours)
        world.run_due()
        return made

    return call


@pytest.fixture
def leg(client, world, ours):
    """Alice is called, and enters the conference when she picks up."""
    made = lambda: client.calls.create(to=ALICE, from_=ours, url="http://listener.test/leg")  # noqa: E731
    return lambda: world.state.calls[made().sid]


def events(listener):
    return [heard.form["StatusCallbackEvent"] for heard in listener.at("/room")]


def test_one_waits_alone_until_another_comes(enter, leg, world, listener):
    caller = enter()
    assert events(listener) == ["participant-join"]
    called = leg()
    play_calls(world)
    assert "talks in the conference standup" in caller.transcript
    assert "talks in the conference standup" in called.transcript
    assert events(listener) == [
        "participant-join",
        "participant-join",
        "conference-start",
        "participant-leave",
        "participant-leave",
        "conference-end",
    ]
    assert [heard.form["SequenceNumber"] for heard in listener.at("/room")] == list("123456")


def test_who_ends_the_conference_sends_the_others_to_their_own_actions(enter, leg, world, client, listener):
    caller, called = enter(), leg()
    world.run_due()
    world.clock.jump(timedelta(seconds=5))
    world.run_due()
    client.calls(called.sid).update(status="completed")
    world.run_due()
    assert called.status == "completed"
    assert caller.transcript[-2:] == ["says “Bye”", "hangs up"]
    assert listener.at("/after")[0].form["DialCallStatus"] == "answered"


def test_two_of_whom_neither_starts_it_wait(enter, leg, world, listener):
    listener.answers["/leg"] = LEG.replace("<Conference", '<Conference startConferenceOnEnter="false"')
    caller = enter(startConferenceOnEnter="false")
    leg()
    play_calls(world)
    assert "talks in the conference standup" not in caller.transcript
    assert "conference-start" not in events(listener)


def test_who_waits_hears_the_wait_document_once_and_then_silence(enter, world, listener):
    listener.answers["/wait"] = "<Response><Say>One moment</Say></Response>"
    caller = enter(waitUrl="/wait")
    play_calls(world)
    assert caller.transcript.count("says “One moment”") == 1


def test_a_wait_document_that_leads_to_itself_is_heard_over_and_over(enter, world, listener):
    listener.answers["/wait"] = '<Response><Pause length="10"/><Redirect>/wait</Redirect></Response>'
    enter(waitUrl="/wait")
    play_calls(world)
    assert len(listener.at("/wait")) == 12


def test_a_wait_document_cannot_lead_out_of_a_conference(enter, listener):
    listener.answers["/wait"] = "<Response><Leave/></Response>"
    caller = enter(waitUrl="/wait")
    assert "error 13238: <Leave> is not allowed here" in caller.transcript
    assert listener.at("/after")[0].form["DialCallStatus"] == "answered"


def test_a_request_takes_one_of_the_two_elsewhere(enter, leg, world, client, listener):
    caller = enter()
    leg()
    world.run_due()
    world.clock.jump(timedelta(seconds=5))
    world.run_due()
    client.calls(caller.sid).update(twiml="<Response><Say>Please hold</Say></Response>")
    world.run_due()
    assert caller.transcript[-2:] == ["says “Please hold”", "hangs up"]
    assert listener.at("/after")[0].form["DialCallStatus"] == "answered"


def test_a_recording_under_way_pauses_and_goes_on(world, listener, client, leg, ours, clock):
    listener.answers |= {
        "/leg": LEG,
        "/voice": '<Response><Dial record="record-from-answer-dual" recordingStatusCallback="/sound">'
        "<Conference>standup</Conference></Dial></Response>",
    }
    caller = world.call(CUSTOMER, ours)
    leg()
    recording = client.calls(caller.sid).recordings("Twilio.CURRENT")
    with pytest.raises(TwilioRestException) as refusal:
        recording.update(status="paused")
    assert (refusal.value.status, refusal.value.code) == (404, 20404)
    while not any("talks" in words for words in caller.transcript):
        clock.jump(timedelta(seconds=1))
        world.run_due()
    paused = recording.update(status="paused", pause_behavior="skip")
    assert client.calls(caller.sid).recordings(paused.sid).update(status="in-progress").status == "in-progress"
    with pytest.raises(TwilioRestException):
        recording.update(status="asleep")
    play_calls(world)
    [heard] = listener.at("/sound")
    assert (heard.form["RecordingSid"], heard.form["RecordingChannels"]) == (paused.sid, "2")
    assert world.state.recordings[paused.sid].says == "(a conversation, paused 1 times)"
