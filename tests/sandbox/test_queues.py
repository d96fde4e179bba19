"""Queues, and calls that wait in them while the clock moves on."""

from datetime import timedelta

import pytest
from twilio.base.exceptions import TwilioRestException

from tests.sandbox.conftest import play_calls

CUSTOMER, OTHER = "+12125550123", "+12125550124"
MUSIC = '<Response><Play>/song.mp3</Play><Pause length="4"/></Response>'


@pytest.fixture
def ours(client):
    return client.incoming_phone_numbers.create(area_code="415", voice_url="http://listener.test/voice").phone_number


@pytest.fixture
def wait(world, listener, ours):
    """Call, and wait in the queue."""
    listener.answers |= {"/music": MUSIC, "/after": "<Response><Say>Bye</Say></Response>"}
    listener.answers["/voice"] = (
        '<Response><Enqueue waitUrl="/music" action="/after">support</Enqueue><Say>never</Say></Response>'
    )

    def call(from_=CUSTOMER):
        made = world.call(from_, ours)
        world.run_due()
        return made

    return call


def pass_seconds(world, seconds):
    world.clock.jump(timedelta(seconds=seconds))
    world.run_due()


def results(listener):
    return [heard.form["QueueResult"] for heard in listener.at("/after")]


def test_the_wait_document_is_asked_for_again_whenever_it_has_ended(wait, world, listener):
    wait()
    for _ in range(2):
        pass_seconds(world, 6)
    assert [heard.form["QueueTime"] for heard in listener.at("/music")] == ["0", "6", "12"]
    heard = listener.at("/music")[0].form
    assert (heard["QueuePosition"], heard["CurrentQueueSize"]) == ("1", "1")


def test_two_who_wait_are_told_their_positions(wait, listener):
    wait()
    wait(OTHER)
    assert [heard.form["QueuePosition"] for heard in listener.at("/music")] == ["1", "2"]


def test_the_wait_document_leads_out_to_the_action(wait, world, listener):
    call = wait()
    listener.answers["/music"] = "<Response><Leave/></Response>"
    pass_seconds(world, 6)
    assert call.transcript[-3:] == ["leaves the queue", "says “Bye”", "hangs up"]
    assert (results(listener), call.status) == (["leave"], "completed")


def test_without_an_action_the_verb_after_it_follows(wait, world, listener):
    listener.answers["/voice"] = (
        '<Response><Enqueue waitUrl="/music">support</Enqueue><Say>Leave a message</Say></Response>'
    )
    listener.answers["/music"] = "<Response><Leave/></Response>"
    assert wait().transcript[-2:] == ["says “Leave a message”", "hangs up"]


@pytest.mark.parametrize(
    "document", [("", 500), "<Response><Dial>+12125550199</Dial></Response>"], ids=["away", "not allowed there"]
)
def test_a_wait_document_that_cannot_be_played_leads_out(wait, listener, document):
    listener.answers["/voice"] = '<Response><Enqueue waitUrl="/bad" action="/after">support</Enqueue></Response>'
    listener.answers["/bad"] = document
    wait()
    assert results(listener) == ["error"]


def test_a_person_waits_two_minutes(wait, world, listener):
    call = wait()
    play_calls(world)
    assert (call.status, call.ended - call.created) == ("completed", timedelta(minutes=2))
    assert results(listener) == ["hangup"]
    assert "says “Bye”" not in call.transcript


def test_a_request_takes_who_waits_elsewhere_after_the_action_was_asked_in_vain(wait, world, client, listener):
    call = wait()
    listener.answers["/new"] = "<Response><Say>Here you are</Say></Response>"
    client.calls(call.sid).update(url="http://listener.test/new")
    world.run_due()
    assert call.transcript[-2:] == ["says “Here you are”", "hangs up"]
    assert results(listener) == ["redirected"]
    assert [heard.path for heard in listener.heard][-2:] == ["/after", "/new"]


def test_a_request_ends_the_call_of_who_waits(wait, world, client):
    call = wait()
    client.calls(call.sid).update(status="completed")
    world.run_due()
    assert call.status == "completed"


@pytest.mark.parametrize("change", [{"url": "http://listener.test/new"}, {"status": "completed"}])
def test_a_call_that_is_over_is_not_changed(wait, world, client, change):
    call = wait()
    play_calls(world)
    with pytest.raises(TwilioRestException) as refusal:
        client.calls(call.sid).update(**change)
    assert refusal.value.code == 21220
