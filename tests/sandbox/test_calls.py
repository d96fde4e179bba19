"""Calls: TwiML is fetched from our application and played."""

from datetime import timedelta

import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.request_validator import RequestValidator

from tests.sandbox.conftest import play_calls

CUSTOMER, ALICE, BOB = "+12125550123", "+14155550101", "+14155550102"
VOICE = "http://listener.test/voice"


@pytest.fixture
def ours(client):
    return client.incoming_phone_numbers.create(
        area_code="415", voice_url=VOICE, status_callback="http://listener.test/ended"
    ).phone_number


@pytest.fixture
def ring(world, listener, ours):
    """Call the number, play this document, and post every callback owed afterwards."""

    def ring_with(twiml, **told):
        listener.answers["/voice"] = f"<Response>{twiml}</Response>"
        call = world.call(CUSTOMER, ours, **told)
        world.run_due()
        return call

    return ring_with


def refused(act, *args, **told):
    with pytest.raises(TwilioRestException) as refusal:
        act(*args, **told)
    return refusal.value.code


def test_the_voice_url_is_asked_signed_and_what_it_says_is_heard(ring, listener, ours):
    call = ring('<Say>Welcome &amp; hello</Say><Pause length="2"/><Play>/music.mp3</Play>', forwarded_from=ALICE)
    assert call.transcript == [
        "says “Welcome & hello”",
        "is silent for 2 s",
        "plays http://listener.test/music.mp3",
        "hangs up",
    ]
    heard = listener.at("/voice")[0]
    assert (heard.form["From"], heard.form["To"], heard.form["ForwardedFrom"]) == (CUSTOMER, ours, ALICE)
    assert (heard.form["CallStatus"], heard.form["Direction"], heard.form["FromCity"]) == (
        "ringing",
        "inbound",
        "NEW YORK",
    )
    check = RequestValidator("rehearsal-auth-token")
    assert check.validate(VOICE, heard.form, heard.headers["X-Twilio-Signature"])


def test_the_end_of_a_call_is_told(ring, listener):
    call = ring("<Say>Bye</Say><Hangup/><Say>never</Say>")
    [heard] = listener.at("/ended")
    assert (heard.form["CallStatus"], heard.form["CallDuration"]) == ("completed", str(call.seconds))
    assert call.transcript[-1] == "hangs up"


def test_the_first_who_answers_gets_the_call(ring, listener):
    call = ring(
        f'<Dial action="/after"><Number>{ALICE}</Number><Number>{BOB}</Number></Dial>', answers={ALICE: "no-answer"}
    )
    assert call.transcript[:5] == [
        f"rings {ALICE}",
        f"rings {BOB}",
        f"{BOB} answers",
        f"{ALICE} stops ringing",
        f"talks with {BOB}",
    ]
    after = listener.at("/after")[0].form
    assert (after["DialCallStatus"], after["DialBridged"], after["CallStatus"]) == ("completed", "true", "in-progress")


@pytest.fixture
def addressed(client, ours):
    """The number has an emergency address."""
    [number] = client.incoming_phone_numbers.list(phone_number=ours)
    place = client.addresses.create("Alice", "1 Main St", "Oakland", "CA", "94601", "US", emergency_enabled=True)
    number.update(emergency_address_sid=place.sid)


def test_emergency_services_see_the_address_of_the_number(ring, ours, listener, addressed):
    call = ring(f'<Dial action="/after" callerId="{ours}">911</Dial>')
    assert call.transcript[:3] == [f"911 sees {ours} at 1 Main St, Oakland", "rings 911", "911 answers"]
    assert listener.at("/after")[0].form["DialCallStatus"] == "completed"


def test_without_an_address_they_see_none(ring, ours):
    assert "sees" in ring(f'<Dial callerId="{ours}">911</Dial>').transcript[0]
    assert "whole country" in ring(f'<Dial callerId="{ours}">911</Dial>').transcript[0]


@pytest.mark.parametrize("number", ["999", "112"])
def test_emergency_numbers_of_other_countries_reach_nobody(ring, ours, listener, addressed, number):
    ring(f'<Dial action="/after" callerId="{ours}">{number}</Dial>')
    assert listener.at("/after")[0].form["DialCallStatus"] == "failed"


def test_emergency_services_are_not_reached_from_a_number_of_others(ring, listener, addressed):
    ring('<Dial action="/after">911</Dial>')
    assert listener.at("/after")[0].form["DialCallStatus"] == "failed"


def test_who_is_slower_stops_ringing_and_who_comes_later_never_rings(ring, client):
    legs = f"<Number>{ALICE}</Number><Number>{BOB}</Number>"
    call = ring(f"<Dial>{legs}</Dial>")
    assert {leg.to: leg.status for leg in client.calls.list(parent_call_sid=call.sid)} == {
        ALICE: "completed",
        BOB: "canceled",
    }
    call = ring(f'<Dial sequential="true">{legs}</Dial>')
    assert [leg.to for leg in client.calls.list(parent_call_sid=call.sid)] == [ALICE]


@pytest.mark.parametrize("legs", ["", "<Number>+14155550101</Number>" * 11])
def test_a_dial_without_legs_or_with_too_many_fails(ring, listener, legs):
    assert "13224" in ring(f'<Dial action="/after">{legs}</Dial>').transcript[0]
    assert listener.at("/after")[0].form["DialCallStatus"] == "failed"


@pytest.mark.parametrize(
    ("answers", "status"),
    [
        ({ALICE: "busy", BOB: "busy"}, "busy"),
        ({ALICE: "busy", BOB: "no-answer"}, "no-answer"),
        ({ALICE: "failed", BOB: "failed"}, "failed"),
    ],
)
def test_when_nobody_answers_the_action_hears_why(ring, listener, answers, status):
    ring(f'<Dial action="/after"><Number>{ALICE}</Number><Number>{BOB}</Number></Dial>', answers=answers)
    assert listener.at("/after")[0].form["DialCallStatus"] == status


def test_voicemail_is_reached_recorded_and_told(ring, listener, client):
    listener.answers["/after"] = (
        '<Response><Say>Leave a message</Say><Record action="/recorded" maxLength="60" transcribe="true" '
        'transcribeCallback="/words" recordingStatusCallback="/sound"/></Response>'
    )
    call = ring(
        f'<Dial action="/after"><Number>{ALICE}</Number></Dial>', answers={ALICE: "busy"}, says="Please call back"
    )
    assert call.transcript[2:] == [
        "says “Leave a message”",
        "beep",
        "records “Please call back”",
        "the caller hangs up",
    ]
    assert listener.at("/recorded")[0].form["Digits"] == "hangup"
    assert listener.at("/words")[0].form["TranscriptionText"] == "Please call back"
    sound = listener.at("/sound")[0].form
    assert (sound["RecordingStatus"], sound["RecordingSource"]) == ("completed", "RecordVerb")
    assert client.recordings(sound["RecordingSid"]).fetch().call_sid == call.sid


def test_a_recording_can_be_heard_with_credentials_and_deleted(ring, listener, client, wire):
    ring('<Record action="/recorded"/>', says="Hello")
    url = listener.at("/recorded")[0].form["RecordingUrl"].replace("https://", "http://sandbox.test/")
    assert wire.get(f"{url}.mp3").content.startswith(b"RIFF")
    assert wire.get(f"{url}.mp3", auth=("x", "y")).status_code == 401
    [recording] = client.recordings.list()
    assert recording.delete()
    assert wire.get(f"{url}.mp3").status_code == 404


def test_who_says_nothing_is_not_recorded(ring, listener):
    call = ring('<Record action="/recorded"/><Say>Goodbye</Say>')
    assert call.transcript == ["beep", "nobody speaks", "says “Goodbye”", "hangs up"]
    assert listener.at("/recorded") == []


def test_silence_is_told_to_who_asks(ring, listener):
    told = 'recordingStatusCallback="/sound" recordingStatusCallbackEvent="in-progress completed absent"'
    ring(f"<Record {told}/>")
    ring(f'<Record action="/recorded" {told}/>', says="Hello")
    assert [each.form["RecordingStatus"] for each in listener.at("/sound")] == ["absent", "in-progress", "completed"]


@pytest.mark.parametrize(
    ("words", "status", "text"), [("Hi", "failed", None), ("Please call back", "completed", "Please call back")]
)
def test_a_recording_that_is_too_short_is_not_transcribed(ring, listener, words, status, text):
    ring('<Record action="/recorded" transcribe="true" transcribeCallback="/words"/>', says=words)
    heard = listener.at("/words")[0].form
    assert (heard["TranscriptionStatus"], heard.get("TranscriptionText")) == (status, text)


def test_a_recording_that_is_too_long_is_not_transcribed(ring, listener):
    ring('<Record action="/recorded" transcribe="true" transcribeCallback="/words"/>', says="word " * 300)
    assert listener.at("/words")[0].form["TranscriptionStatus"] == "failed"


@pytest.mark.parametrize(
    ("attributes", "heard"),
    [
        ("", "says “Hej”"),
        ('language="en-US"', "says “Hej”"),
        ('language="sv-SE"', "error 13511: man does not speak sv-SE"),
        ('language="sv-SE" voice="Polly.Astrid"', "says “Hej”"),
        ('language="sv-SE" voice="Polly.Joanna"', "error 13511: Polly.Joanna does not speak sv-SE"),
        ('voice="Polly.Nobody"', "error 13512: Polly.Nobody is no voice"),
    ],
)
def test_a_voice_speaks_its_own_language_only(ring, attributes, heard):
    assert ring(f"<Say {attributes}>Hej</Say>").transcript == [heard, "hangs up"]


def test_keys_lead_through_menus(ring, listener):
    listener.answers["/menu"] = lambda heard: f"<Response><Say>You chose {heard.form['Digits']}</Say></Response>"
    call = ring('<Gather numDigits="1" action="/menu"><Say>Press one</Say></Gather>', keys="1")
    assert call.transcript == ["says “Press one”", "keys 1", "says “You chose 1”", "hangs up"]


def test_keys_are_shared_out_among_menus(ring, listener):
    listener.answers["/menu"] = '<Response><Gather action="/menu2"/></Response>'
    ring('<Gather numDigits="1" action="/menu"/>', keys="1 234#5")
    assert listener.at("/menu2")[0].form["Digits"] == "234"


def test_without_keys_the_next_verb_runs_unless_the_menu_wants_to_know(ring, listener):
    assert ring('<Gather action="/menu"/><Say>Goodbye</Say>').transcript[-2] == "says “Goodbye”"
    ring('<Gather action="/menu" actionOnEmptyResult="true"/>')
    assert [each.form["Digits"] for each in listener.at("/menu")] == [""]


def test_a_menu_may_listen(ring, listener):
    ring('<Gather input="speech" action="/menu"/>', says="opening hours")
    assert listener.at("/menu")[0].form["SpeechResult"] == "opening hours"


@pytest.mark.parametrize(("answer", "taken"), [("press:1", True), ("press:2", False), ("voicemail", False)])
def test_a_screened_call_is_taken_only_by_who_presses_the_key(ring, listener, answer, taken):
    listener.answers["/whisper"] = (
        '<Response><Gather numDigits="1" action="/key"><Say>A call for Alice</Say></Gather><Hangup/></Response>'
    )
    listener.answers["/key"] = lambda heard: (
        "<Response/>" if heard.form["Digits"] == "1" else "<Response><Hangup/></Response>"
    )
    call = ring(f'<Dial action="/after"><Number url="/whisper">{ALICE}</Number></Dial>', answers={ALICE: answer})
    assert (f"talks with {ALICE}" in call.transcript) is taken
    assert listener.at("/whisper")[0].form["ParentCallSid"] == call.sid
    assert listener.at("/after")[0].form["DialBridged"] == str(taken).lower()


def test_a_leg_tells_the_events_asked_for(ring, listener):
    ring(
        f'<Dial><Number statusCallback="/leg" statusCallbackEvent="initiated ringing answered completed">'
        f"{ALICE}</Number></Dial>"
    )
    assert [each.form["CallStatus"] for each in listener.at("/leg")] == [
        "initiated",
        "ringing",
        "in-progress",
        "completed",
    ]


def test_a_conversation_can_be_recorded(ring, listener):
    ring(f'<Dial action="/after" record="record-from-answer" recordingStatusCallback="/sound">{ALICE}</Dial>')
    assert listener.at("/sound")[0].form["RecordingSource"] == "DialVerb"
    assert "Recordings/RE" in listener.at("/after")[0].form["RecordingUrl"]


def test_only_numbers_of_ours_may_be_shown_as_caller(ring, listener, client, world, ours):
    document = f'<Dial action="/after" callerId="{BOB}"><Number>{ALICE}</Number></Dial>'
    assert "13214" in ring(document).transcript[0]
    asked = client.validation_requests.create(phone_number=BOB)
    assert world.verify_caller(BOB, "wrong!") is False
    assert world.verify_caller(BOB, asked.validation_code) is True
    assert ring(document).transcript[0] == f"rings {ALICE}"
    assert [each.phone_number for each in client.outgoing_caller_ids.list()] == [BOB]


@pytest.mark.parametrize("answers", ["busy", "no-answer"])
def test_a_caller_id_is_not_verified_on_a_phone_that_nobody_answers(client, world, listener, answers):
    world.phone(BOB, answers=answers)
    client.validation_requests.create(phone_number=BOB, status_callback="http://listener.test/verified")
    world.run_due()
    [heard] = listener.at("/verified")
    assert (heard.form["VerificationStatus"], heard.form["To"]) == ("failed", BOB)


def test_calls_are_found_by_when_they_began(client, world, clock, ring):
    earlier = ring("<Hangup/>")
    clock.jump(timedelta(days=1))
    later = ring("<Hangup/>")
    assert [call.sid for call in client.calls.list(start_time_after=clock.now())] == [later.sid]
    assert [call.sid for call in client.calls.list(start_time=earlier.created)] == [earlier.sid]


@pytest.mark.parametrize(
    ("twiml", "status"), [("<Reject/>", "no-answer"), ('<Reject reason="busy"/>', "busy"), ("<Hangup/>", "completed")]
)
def test_a_call_may_not_be_taken(ring, listener, twiml, status):
    assert ring(twiml).status == status
    assert listener.at("/ended")[0].form["CallStatus"] == status


def test_a_redirect_leads_on_and_a_circle_is_left(ring, listener):
    listener.answers["/next"] = "<Response><Say>Here</Say></Response>"
    assert ring("<Redirect>/next</Redirect>").transcript[0] == "says “Here”"
    assert ring("<Redirect>/voice</Redirect>").transcript == ["goes in circles"]


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (("", 500), "11200"),
        (("hello", 200, {"Content-Type": "text/html"}), "12300"),
        (("<Response>", 200, {"Content-Type": "text/xml"}), "12100"),
        (("<Other/>", 200, {"Content-Type": "text/xml"}), "12200"),
    ],
)
def test_a_webhook_that_fails_is_heard_as_an_apology(world, listener, ours, answer, error):
    listener.answers["/voice"] = answer
    heard = world.call(CUSTOMER, ours).transcript
    assert error in heard[0]
    assert "application error" in heard[1]


def test_the_fallback_url_steps_in(client, world, listener, ours):
    [number] = client.incoming_phone_numbers.list()
    client.incoming_phone_numbers(number.sid).update(voice_fallback_url="http://listener.test/fallback")
    listener.answers |= {"/voice": ("", 503), "/fallback": "<Response><Say>Still here</Say></Response>"}
    assert world.call(CUSTOMER, ours).transcript[0] == "says “Still here”"
    assert listener.at("/fallback")[0].form["ErrorCode"] == "11200"


def test_a_phone_that_forwards_back_to_us_ends_in_no_endless_loop(ring, ours):
    call = ring(f"<Dial><Number>{ALICE}</Number></Dial>", answers={ALICE: f"forward:{ours}"})
    assert call.status == "completed"
    assert sum("rings" in words for words in call.transcript) < 10


def test_a_number_that_is_not_ported_yet_rings_at_the_old_operator(world, clock, file_port):
    kw = file_port("+14155554201")
    for length in (timedelta(seconds=6), timedelta(seconds=6)):
        clock.jump(length)
        world.run_due()
        if not world.port_in(kw).signed:
            world.sign(kw)
    clock.jump(timedelta(days=6))
    world.run_due()
    call = world.call(CUSTOMER, "+14155554201")
    assert (call.status, call.transcript) == ("failed", ["+14155554201 still rings at the old operator"])


def test_the_account_can_call_out(client, world, listener, ours):
    listener.answers["/out"] = "<Response><Say>This is a test call</Say></Response>"
    told = {"to": CUSTOMER, "from_": ours, "url": "http://listener.test/out"}
    call = client.calls.create(
        **told, status_callback="http://listener.test/leg", status_callback_event=["initiated", "answered", "completed"]
    )
    play_calls(world)
    assert [each.form["CallStatus"] for each in listener.at("/leg")] == ["initiated", "in-progress", "completed"]
    assert world.state.calls[call.sid].transcript == ["says “This is a test call”"]
    assert client.calls(call.sid).fetch().status == "completed"


def test_a_call_out_can_carry_its_own_document_and_meet_a_busy_phone(client, world, ours):
    world.phone(CUSTOMER, answers="busy")
    busy = client.calls.create(to=CUSTOMER, from_=ours, twiml="<Response><Say>Hi</Say></Response>")
    play_calls(world)
    world.phone(CUSTOMER, answers="press:7")
    twiml = '<Response><Gather numDigits="1" action="http://listener.test/key"/></Response>'
    keyed = client.calls.create(to=CUSTOMER, from_=ours, twiml=twiml)
    play_calls(world)
    assert [client.calls(each.sid).fetch().status for each in (busy, keyed)] == ["busy", "completed"]
    assert world.state.calls[keyed.sid].transcript == ["keys 7"]


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"to": "+15005550001"}, 21217),
        ({"to": "+15005550002"}, 21214),
        ({"to": "+15005550003"}, 21215),
        ({"to": "+15005550004"}, 21216),
        ({"from_": "+15005550001"}, 21212),
        ({"from_": "+14155550000"}, 21210),
        ({"url": ""}, 21205),
    ],
)
def test_a_call_out_is_refused_as_twilio_refuses_it(client, ours, fields, code):
    told = {"to": CUSTOMER, "from_": ours, "url": "http://listener.test/out"} | fields
    assert refused(client.calls.create, **told) == code


def test_a_call_can_be_taken_back_before_it_rings_and_not_after_its_end(client, world, ours):
    call = client.calls.create(to=CUSTOMER, from_=ours, url="http://listener.test/out")
    assert client.calls(call.sid).update(status="canceled").status == "canceled"
    world.run_due()
    assert world.state.calls[call.sid].transcript == []
    assert refused(client.calls(call.sid).update, status="completed") == 21220


@pytest.mark.parametrize("status", ["completed", "canceled"])
def test_a_call_that_rings_can_be_ended_and_that_is_told(client, world, ours, listener, status):
    told = {"to": CUSTOMER, "from_": ours, "url": "http://listener.test/out"}
    call = client.calls.create(**told, status_callback="http://listener.test/leg")
    world.run_due()
    client.calls(call.sid).update(status=status)
    play_calls(world)
    assert listener.at("/out") == []
    assert [each.form["CallStatus"] for each in listener.at("/leg")] == ["canceled"]


def test_a_call_that_was_picked_up_cannot_be_canceled(client, world, ours, listener):
    listener.answers["/out"] = "<Response><Dial><Conference>standup</Conference></Dial></Response>"
    call = client.calls.create(to=CUSTOMER, from_=ours, url="http://listener.test/out")
    world.run_due()
    world.clock.jump(timedelta(seconds=5))
    world.run_due()
    assert client.calls(call.sid).fetch().status == "in-progress"
    assert refused(client.calls(call.sid).update, status="canceled") == 21220


@pytest.mark.parametrize(("answers", "seconds"), [("no-answer", 25), ("answer after 26", 25), ("busy", 0)])
def test_a_phone_rings_for_five_seconds_more_than_ordered(client, world, clock, ours, answers, seconds):
    world.phone(CUSTOMER, answers=answers)
    begun = clock.now()
    call = client.calls.create(to=CUSTOMER, from_=ours, twiml="<Response><Say>Hi</Say></Response>", timeout=20)
    play_calls(world)
    assert world.state.calls[call.sid].ended == begun + timedelta(seconds=seconds)
    assert world.state.calls[call.sid].transcript == []


def test_several_ring_at_once_and_answer_in_their_own_time(client, world, ours, listener):
    listener.answers["/out"] = "<Response><Say>Hi</Say></Response>"
    for number, answers in ((ALICE, "answer after 9"), (BOB, "answer after 3")):
        world.phone(number, answers=answers)
        client.calls.create(to=number, from_=ours, url="http://listener.test/out")
    play_calls(world)
    assert [heard.form["To"] for heard in listener.at("/out")] == [BOB, ALICE]
