"""Queues and conferences, with a single call."""

import pytest

CUSTOMER = "+12125550123"


@pytest.fixture
def ring(world, listener, client):
    number = client.incoming_phone_numbers.create(area_code="415", voice_url="http://listener.test/voice").phone_number

    def ring_with(twiml, **answers):
        listener.answers["/voice"] = f"<Response>{twiml}</Response>"
        call = world.call(CUSTOMER, number, answers={name.replace("_", ":", 1): how for name, how in answers.items()})
        world.run_due()
        return call

    return ring_with


def test_who_waits_in_a_queue_is_taken_from_it(ring, listener):
    listener.answers |= {
        "/music": "<Response><Play>/song.mp3</Play></Response>",
        "/after": "<Response><Say>Bye</Say></Response>",
    }
    call = ring('<Enqueue waitUrl="/music" action="/after">support</Enqueue>', queue_support="answer")
    assert call.transcript == [
        "waits in the queue support",
        "plays http://listener.test/song.mp3",
        "is taken from the queue support",
        "says “Bye”",
        "hangs up",
    ]
    assert listener.at("/after")[0].form["QueueResult"] == "bridged"


def test_who_is_not_taken_hangs_up(ring, listener):
    call = ring('<Enqueue action="/after">support</Enqueue><Say>never</Say>')
    assert call.transcript == ["waits in the queue support", "the caller hangs up"]
    assert listener.at("/after")[0].form["QueueResult"] == "hangup"


def test_who_waits_may_be_led_out(ring, listener):
    listener.answers["/music"] = "<Response><Leave/></Response>"
    call = ring('<Enqueue waitUrl="/music">support</Enqueue><Say>Leave a message</Say>')
    assert call.transcript == ["waits in the queue support", "leaves the queue", "says “Leave a message”", "hangs up"]


@pytest.mark.parametrize(("waiting", "result"), [({"queue_support": "answer"}, "bridged"), ({}, "queue-empty")])
def test_a_dial_takes_the_first_of_a_queue(ring, listener, waiting, result):
    ring('<Dial action="/after"><Queue>support</Queue></Dial>', **waiting)
    assert listener.at("/after")[0].form["QueueResult"] == result


def test_a_conference_tells_who_comes_and_goes(ring, listener):
    call = ring(
        '<Dial action="/after"><Conference statusCallback="/room" statusCallbackEvent="start join leave end" '
        'endConferenceOnExit="true">standup</Conference></Dial>',
        conference_standup="answer",
    )
    assert call.transcript[:3] == [
        "joins the conference standup",
        "talks in the conference standup",
        "leaves the conference",
    ]
    assert [each.form["StatusCallbackEvent"] for each in listener.at("/room")] == [
        "conference-start",
        "participant-join",
        "participant-leave",
        "conference-end",
    ]
    assert listener.at("/after")[0].form["DialCallStatus"] == "completed"


def test_who_comes_alone_waits(ring):
    assert "waits alone in the conference standup" in ring("<Dial><Conference>standup</Conference></Dial>").transcript
