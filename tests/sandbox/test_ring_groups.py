"""Several phones in one Dial: the first pick-up gets the call, whoever or whatever picks up.

https://www.twilio.com/docs/voice/twiml/number: "The first call to pick up will be connected to the current
call, and the rest will be hung up."
"""

import pytest

from sandbox.phones import how_it_answers

CUSTOMER, ALICE, BOB = "+12125550123", "+14155550101", "+14155550102"
WHISPER = '<Response><Gather numDigits="1" action="/key"><Say>A call</Say></Gather><Hangup/></Response>'


@pytest.fixture
def ring(world, listener, client):
    """Ring Alice and Bob in one Dial; each is asked for a key before the call is put through."""
    ours = client.incoming_phone_numbers.create(area_code="415", voice_url="http://listener.test/voice").phone_number
    listener.answers |= {"/whisper": WHISPER, "/key": "<Response/>", "/after": "<Response><Say>Sorry</Say></Response>"}

    def ring_both(alice, bob, **attributes):
        written = "".join(f' {name}="{value}"' for name, value in attributes.items())
        legs = "".join(f'<Number url="/whisper">{number}</Number>' for number in (ALICE, BOB))
        listener.answers["/voice"] = f'<Response><Dial action="/after"{written}>{legs}</Dial></Response>'
        call = world.call(CUSTOMER, ours, answers={ALICE: alice, BOB: bob})
        world.run_due()
        return call

    return ring_both


@pytest.fixture
def ends(client):
    def ends_of(call):
        return {leg.to: leg.status for leg in client.calls.list(parent_call_sid=call.sid)}

    return ends_of


def test_the_voicemail_of_a_phone_that_is_switched_off_is_a_pick_up_and_ends_the_ringing_of_all(ring, ends, listener):
    call = ring(alice="press:1", bob="voicemail")
    assert f"talks with {ALICE}" not in call.transcript
    assert call.transcript[-2:] == ["says “Sorry”", "hangs up"]
    assert ends(call) == {ALICE: "canceled", BOB: "completed"}
    assert [heard.form["To"] for heard in listener.at("/whisper")] == [BOB]


def test_a_pick_up_that_is_not_put_through_is_completed_but_not_bridged(ring, listener):
    ring(alice="voicemail", bob="no-answer")
    after = listener.at("/after")[0].form
    assert (after["DialCallStatus"], after["DialBridged"]) == ("completed", "false")
    assert "DialCallDuration" not in after


def test_the_others_stop_ringing_before_the_first_is_asked(ring, listener):
    call = ring(alice="press:1", bob="press:1")
    order = [words for words in call.transcript if "answers" in words or "stops" in words or "A call" in words]
    assert order == [f"{ALICE} answers", f"{BOB} stops ringing", f"   {ALICE}: says “A call”"]


@pytest.mark.parametrize(
    ("alice", "bob", "taken_by"),
    [
        ("press:1 after 12", "press:1 after 4", BOB),
        ("press:1", "voicemail after 25", ALICE),
        ("no-answer", "press:1 after 19", BOB),
        ("busy", "press:1", BOB),
    ],
)
def test_who_picks_up_first_gets_the_call(ring, alice, bob, taken_by):
    assert f"talks with {taken_by}" in ring(alice, bob, timeout=20).transcript


def test_who_would_pick_up_too_late_does_not_answer(ring, ends, listener):
    call = ring(alice="press:1 after 26", bob="voicemail after 40", timeout=20)
    assert ends(call) == {ALICE: "no-answer", BOB: "no-answer"}
    assert listener.at("/after")[0].form["DialCallStatus"] == "no-answer"


def test_in_turn_too_a_pick_up_ends_it(ring, ends):
    assert ends(ring(alice="voicemail", bob="press:1", sequential="true")) == {ALICE: "completed"}
    assert ends(ring(alice="busy", bob="press:1", sequential="true")) == {ALICE: "busy", BOB: "completed"}


@pytest.mark.parametrize(
    ("told", "answer", "seconds"),
    [
        ("answer", "answer", 5),
        ("press:1 after 12", "press:1", 12),
        ("voicemail", "voicemail", 1),
        ("voicemail after 25", "voicemail", 25),
        ("busy", "busy", 0),
    ],
)
def test_a_phone_answers_after_so_many_seconds(told, answer, seconds):
    assert how_it_answers(told) == (answer, seconds)
