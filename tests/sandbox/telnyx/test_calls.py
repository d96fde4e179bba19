"""Calls of the second carrier: TeXML documents in calls from outside and in those that are ordered, and their sound."""

from base64 import b64decode
from datetime import timedelta
from urllib.parse import urlencode
from uuid import uuid4

import pytest
import requests
import telnyx
from nacl.signing import VerifyKey

from sandbox.exchange import TELNYX_ACCOUNT, TELNYX_KEY
from sandbox.telnyx.keys import public_key
from tests.in_process import InProcess
from tests.sandbox.conftest import SANDBOX, play_calls
from tests.sandbox.telnyx.conftest import BASE

CUSTOMER, ALICE, BOB = "+12125550123", "+14155550101", "+14155550102"
US = "http://listener.test"
HELLO = "<Response><Say>Hello</Say></Response>"
CALLS = f"/texml/Accounts/{TELNYX_ACCOUNT}/Calls"


@pytest.fixture
def application(sdk, listener):
    """An application that calls come to and go out from; its id."""
    listener.answers["/steps"] = ("", 200)
    profile = sdk.outbound_voice_profiles.create(name="Out").data.id
    made = sdk.texml_applications.create(
        friendly_name="Line",
        voice_url=f"{US}/voice",
        voice_method="post",
        voice_fallback_url=f"{US}/spare",
        status_callback=f"{US}/steps",
        status_callback_method="post",
        outbound={"outbound_voice_profile_id": profile},
    )
    return made.data.id


@pytest.fixture
def ours(buy, application):
    return buy(connection_id=application).phone_number


@pytest.fixture
def call_in(world, ours, listener):
    """Somebody calls, and the application answers with this document."""

    def call(document=HELLO, **told):
        listener.answers["/voice"] = document
        called = world.call(CUSTOMER, ours, **told)
        world.run_due()
        return called

    return call


@pytest.fixture
def order(api, world, ours, application):
    """A call is ordered by the account's route, and played to its end."""

    def order_call(**told):
        document = {} if "Url" in told else {"Texml": HELLO}
        body = {"ApplicationSid": application, "From": ours, "To": CUSTOMER} | document | told
        answer = api("POST", CALLS, body)
        play_calls(world)
        return answer

    return order_call


def steps(listener):
    return [(step.form["SequenceNumber"], step.form["CallStatus"]) for step in listener.at("/steps")]


def test_a_call_walks_the_document_of_its_numbers_application(call_in, listener, ours, application):
    call = call_in('<Response><Say voice="Polly.Joanna-Neural">Good day</Say><Hangup/></Response>')
    assert call.transcript == ["says “Good day”", "hangs up"]
    [asked] = listener.at("/voice")
    assert (asked.form["From"], asked.form["To"], asked.form["CallSid"]) == (CUSTOMER, ours, call.sid)
    assert (asked.form["ConnectionId"], asked.form["CallingPartyType"]) == (application, "pstn")
    assert call.sid.startswith("v3:")
    assert not {"ForwardedFrom", "CallToken", "Direction"} & set(asked.form)


def test_its_application_hears_of_each_step(call_in, listener):
    call_in()
    assert steps(listener) == [("0", "ringing"), ("1", "in-progress"), ("2", "completed")]
    end = listener.at("/steps")[-1].form
    assert (end["CallDuration"], end["HangupCause"]) == ("2", "normal_clearing")


def test_what_is_asked_in_a_call_is_signed_like_events_are(call_in, listener):
    call_in()
    for heard in listener.heard:
        signed = f"{heard.headers['Telnyx-Timestamp']}|{urlencode(heard.form)}".encode()
        VerifyKey(b64decode(public_key(TELNYX_KEY))).verify(
            signed, b64decode(heard.headers["Telnyx-Signature-Ed25519"])
        )


def test_the_other_address_is_asked_once_where_the_first_fails(call_in, listener):
    listener.answers["/spare"] = "<Response><Say>Spare</Say></Response>"
    assert call_in(("", 500)).transcript[0] == "says “Spare”"
    assert len(listener.at("/voice")) == 1


def test_a_number_without_an_application_takes_no_calls(world, buy):
    assert world.call(CUSTOMER, buy().phone_number).status == "failed"


@pytest.mark.parametrize(
    ("written", "heard"),
    [
        ('<Say voice="alice" language="sv-SE">Hej</Say>', "says “Hej”"),
        ('<Say voice="woman" language="sv-SE">Hej</Say>', "error woman does not speak sv-SE"),
        ('<Say voice="Polly">Hej</Say>', "error Polly is no voice"),
        ("<Say>Ask for {{name}}.</Say>", "says “Ask for .”"),
        ('<Dial sequential="true"><Number>+14155550101</Number></Dial>', "ignores sequential of <Dial>"),
        ("<Dial><Client>alice</Client></Dial>", "error 13224: 0 legs cannot be dialled"),
        ('<Record transcribe="true" timeout="1"/>', "ignores transcribe of <Record>"),
    ],
)
def test_words_of_documents_mean_what_they_mean_here(call_in, written, heard):
    assert call_in(f"<Response>{written}</Response>").transcript[0] == heard


def test_all_phones_of_a_dial_ring_together_and_nothing_tells_whether_they_talked(call_in, listener):
    listener.answers |= {
        "/after": HELLO,
        "/screen": '<Response><Gather numDigits="1"><Say>A call</Say></Gather></Response>',
    }
    legs = "".join(f'<Number url="/screen">{number}</Number>' for number in (ALICE, BOB))
    call = call_in(
        f'<Response><Dial action="/after">{legs}</Dial></Response>', answers={ALICE: "voicemail", BOB: "no-answer"}
    )
    assert call.transcript[:2] == [f"rings {ALICE}", f"rings {BOB}"]
    [after] = listener.at("/after")
    told = {name: value for name, value in after.form.items() if name.startswith("Dial")}
    assert set(told) == {"DialCallStatus", "DialCallSid", "DialCallDuration"}
    assert told["DialCallStatus"] == "completed"


def test_the_called_person_hears_gather_and_hangup_alone(call_in, listener):
    listener.answers["/screen"] = "<Response><Say>A call</Say><Hangup/></Response>"
    call = call_in(
        f'<Response><Dial><Number url="/screen">{ALICE}</Number></Dial></Response>', answers={ALICE: "answer"}
    )
    assert f"   {ALICE}: error 12200: <Say> is not known here" in call.transcript
    assert f"talks with {ALICE}" not in call.transcript


def test_a_voicemail_comes_with_a_link_that_lives_ten_minutes(call_in, listener, sdk, raw, world, clock, app):
    listener.answers |= {"/sound": ("", 200), "/words": ("", 200)}
    call = call_in(
        '<Response><Record action="/done" recordingStatusCallback="/sound" transcription="true" '
        'transcriptionCallback="/words"/></Response>',
        says="Please call me back about the kitchen",
    )
    [told] = [heard.form for heard in listener.at("/sound")]
    assert (told["RecordingChannels"], told["RecordingSource"], told["CallSid"]) == ("2", "RecordVerb", call.sid)
    assert not {"From", "To"} & set(told)
    assert listener.at("/words")[0].form["TranscriptionText"] == "Please call me back about the kitchen"
    assert _sound(app, told["RecordingUrl"]).content[:4] == b"RIFF"
    assert _sound(app, told["RecordingUrl"].replace("Date=2026", "Date=2027")).status_code == 403
    clock.jump(timedelta(minutes=11))
    assert _sound(app, told["RecordingUrl"]).status_code == 403
    fresh = sdk.recordings.retrieve(told["RecordingSid"]).data
    assert _sound(app, fresh.download_urls.wav).ok
    assert [each.id for each in sdk.recordings.list(filter={"from": CUSTOMER}).data] == [told["RecordingSid"]]
    [listed] = sdk.texml.accounts.retrieve_recordings_json(TELNYX_ACCOUNT).recordings
    assert (listed.sid, listed.call_sid, listed.status) == (fresh.id, call.sid, "completed")
    sdk.recordings.delete(fresh.id)
    with pytest.raises(telnyx.NotFoundError):
        sdk.recordings.retrieve(fresh.id)


def _sound(app, url):
    session = requests.Session()
    session.mount(SANDBOX, InProcess(app))
    return session.get(f"{SANDBOX}/{url.removeprefix('https://')}")


def test_a_caller_waits_in_a_queue_of_its_own_account(call_in, listener, client, world):
    theirs = client.incoming_phone_numbers.create(area_code="415", voice_url=f"{US}/theirs").phone_number
    waiting = '<Response><Enqueue waitUrl="/wait" action="/after">hold</Enqueue></Response>'
    listener.answers |= {"/theirs": waiting, "/wait": HELLO, "/after": HELLO}
    world.call(CUSTOMER, theirs)
    call_in(waiting)
    positions = {heard.form["QueueSid"]: heard.form["QueuePosition"] for heard in listener.at("/wait")}
    assert positions.pop("hold") == "1"
    assert list(positions.values()) == ["1"]


def test_an_ordered_call_tells_its_id_by_its_first_callback(order, listener, api, sdk, world, clock):
    listener.answers["/status"] = ("", 200)
    told = order(StatusCallback=f"{US}/status", StatusCallbackEvent="initiated").json()
    assert set(told) == {"from", "to", "status"}
    sid = listener.at("/status")[0].form["CallSid"]
    assert world.state.calls[sid].transcript == ["says “Hello”"]
    clock.jump(timedelta(seconds=10))
    [listed] = sdk.texml.accounts.calls.retrieve_calls(TELNYX_ACCOUNT, to=CUSTOMER).calls
    assert (listed.sid, listed.status, listed.direction) == (sid, "completed", "outbound")


def test_a_list_of_calls_lags_behind(order, api, clock):
    order()
    clock.jump(timedelta(seconds=4))
    assert api("GET", CALLS).json()["calls"] == []
    clock.jump(timedelta(seconds=6))
    assert len(api("GET", CALLS).json()["calls"]) == 1


def test_a_call_by_its_application_tells_its_id_at_once_and_its_steps_there(sdk, ours, application, world, listener):
    call = sdk.texml.calls.create(application, from_=ours, to=CUSTOMER, texml=HELLO)
    play_calls(world)
    assert world.state.calls[call.call_sid].transcript == ["says “Hello”"]
    assert [status for _, status in steps(listener)] == ["initiated", "ringing", "in-progress", "completed"]
    with pytest.raises(telnyx.UnprocessableEntityError):
        sdk.texml.calls.create(application, from_=ours, to=CUSTOMER, extra_body={"StatusCallback": US})


def test_an_ordered_call_rings_no_longer_than_asked(order, world, listener):
    world.phone(CUSTOMER, answers="answer after 40")
    order(Timeout=20)
    assert steps(listener)[-1][1] == "no-answer"


@pytest.mark.parametrize(("answers", "verdict"), [("voicemail", "machine"), ("answer", "human")])
def test_a_machine_is_told_from_a_person_if_asked(order, world, listener, answers, verdict):
    world.phone(CUSTOMER, answers=answers)
    listener.answers["/out"] = HELLO
    order(Url=f"{US}/out", MachineDetection="Enable")
    assert listener.at("/out")[0].form["AnsweredBy"] == verdict


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"From": "+14155550199"}, 403, "D35"),
        ({"To": "somebody"}, 422, "10015"),
        ({"ApplicationSid": "12"}, 422, "10015"),
        ({"Timeout": 3}, 422, "10015"),
    ],
)
def test_what_cannot_be_called_is_refused(raw, ours, application, change, status, code):
    answer = raw("POST", CALLS, {"ApplicationSid": application, "From": ours, "To": CUSTOMER, "Texml": HELLO} | change)
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (status, code)


def test_an_application_without_an_outbound_profile_cannot_call(sdk, raw, ours):
    bare = sdk.texml_applications.create(friendly_name="Bare", voice_url=f"{US}/voice").data.id
    answer = raw("POST", CALLS, {"ApplicationSid": bare, "From": ours, "To": CUSTOMER})
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (403, "10010")


def test_a_call_that_waits_is_taken_elsewhere_or_ended_as_json_or_as_a_form(call_in, listener, raw, world, line):
    listener.answers |= {"/wait": HELLO, "/elsewhere": '<Response><Enqueue waitUrl="/wait">other</Enqueue></Response>'}
    call = call_in('<Response><Enqueue waitUrl="/wait">hold</Enqueue></Response>')
    raw("POST", f"{CALLS}/{call.sid}", {"Url": f"{US}/elsewhere"}).raise_for_status()
    world.run_due()
    assert call.stay.name == "other"
    signed = {"Authorization": f"Bearer {TELNYX_KEY}"}
    line.post(f"{BASE}{CALLS}/{call.sid}", data={"Status": "completed"}, headers=signed).raise_for_status()
    world.run_due()
    assert call.status == "completed"
    assert raw("POST", f"{CALLS}/{call.sid}", {"Status": "completed"}).status_code == 422


def test_a_recording_under_way_is_paused_by_its_id(call_in, api, line):
    call = call_in('<Response><Dial record="record-from-answer"><Conference>room</Conference></Dial></Response>')
    listed = f"{CALLS}/{call.sid}/Recordings.json"
    assert api("GET", listed).json()["recordings"] == []
    call_in('<Response><Dial record="record-from-answer"><Conference>room</Conference></Dial></Response>')
    [under_way] = api("GET", listed).json()["recordings"]
    assert under_way["status"] == "in-progress"
    address, signed = f"{BASE}{CALLS}/{call.sid}/Recordings", {"Authorization": f"Bearer {TELNYX_KEY}"}
    line.post(f"{address}/{under_way['sid']}.json", data={"Status": "paused"}, headers=signed).raise_for_status()
    assert call.transcript[-1] == "the recording is paused"
    wrong = line.post(f"{address}/{uuid4()}.json", data={"Status": "paused"}, headers=signed)
    assert wrong.status_code == 404


def test_a_recorded_room_is_listed_with_the_room_and_its_callback_names_no_call(call_in, api, listener, world):
    listener.answers |= {"/sound": ("", 200)}
    noun = '<Conference record="record-from-start" recordingStatusCallback="/sound">room</Conference>'
    call = call_in(f"<Response><Dial>{noun}</Dial></Response>")
    call_in("<Response><Dial><Conference>room</Conference></Dial></Response>")
    assert api("GET", f"{CALLS}/{call.sid}/Recordings.json").json()["recordings"] == []
    world.calls.under_way.hang_up(call)
    world.run_due()
    [room] = world.state.conferences.values()
    rooms = CALLS.replace("Calls", "Conferences")
    [of_room] = api("GET", f"{rooms}/{room.sid}/Recordings.json").json()["recordings"]
    assert api("GET", f"{rooms}/{room.sid}/Recordings").json()["recordings"] == [of_room]
    assert (of_room["conference_sid"], of_room["source"], of_room["status"]) == (room.sid, "Conference", "completed")
    assert api("GET", f"{CALLS}/{call.sid}/Recordings.json").json()["recordings"] == []
    [told] = [heard.form for heard in listener.at("/sound")]
    assert (told["ConferenceSid"], told.get("CallSid")) == (room.sid, None)


def test_a_call_of_the_other_account_is_not_found(sdk, client, world):
    theirs = client.incoming_phone_numbers.create(area_code="415").phone_number
    call = world.call(CUSTOMER, theirs)
    with pytest.raises(telnyx.NotFoundError):
        sdk.texml.accounts.calls.retrieve(call.sid, account_sid=TELNYX_ACCOUNT)
    with pytest.raises(telnyx.NotFoundError):
        sdk.texml.accounts.calls.retrieve_calls(call.account_sid)


def test_a_call_from_one_carrier_to_the_other_is_a_call_at_both(call_in, client, listener, world):
    theirs = client.incoming_phone_numbers.create(area_code="212", voice_url=f"{US}/theirs").phone_number
    listener.answers["/theirs"] = "<Response><Say>Welcome</Say></Response>"
    call = call_in(f"<Response><Dial>{theirs}</Dial></Response>")
    assert f"   {theirs}: says “Welcome”" in call.transcript
    assert listener.at("/theirs")[0].form["CallSid"].startswith("CA")


@pytest.mark.parametrize("method", ["call", "sms"])
def test_a_number_elsewhere_is_shown_once_its_owner_has_told_us_the_code(sdk, order, world, raw, method):
    sdk.verified_numbers.create(phone_number=ALICE, verification_method=method)
    told = [text.body for text in world.phone(ALICE).texts]
    told += [words for call in world.state.calls.values() if call.to == ALICE for words in call.transcript]
    code = told[0].rstrip("”")[-6:]
    with pytest.raises(telnyx.UnprocessableEntityError):
        sdk.verified_numbers.actions.submit_verification_code(ALICE, verification_code="x")
    assert raw("GET", f"/verified_numbers/{ALICE}").status_code == 404
    sdk.verified_numbers.actions.submit_verification_code(ALICE, verification_code=code)
    assert [each.phone_number for each in sdk.verified_numbers.list().data] == [ALICE]
    assert order(From=ALICE).ok
    sdk.verified_numbers.delete(ALICE)
    assert raw("GET", f"/verified_numbers/{ALICE}").status_code == 404
