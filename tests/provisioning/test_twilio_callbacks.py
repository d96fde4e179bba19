import hashlib
import string
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from twilio.request_validator import RequestValidator
from werkzeug.datastructures import MultiDict

from provisioning.carriers.twilio import build
from provisioning.contract.callbacks import (
    CallArrived,
    CallEnded,
    CallOutcome,
    KeyPressed,
    MessageArrived,
    MessageProgressed,
    OrderChanged,
    PickedUp,
    ProofEnded,
    RegistrationChanged,
    RingEnded,
    SignedRequest,
    Subject,
    TalkRecorded,
    TranscriptReady,
    Unfamiliar,
    VoicemailLeft,
)
from provisioning.contract.messaging import MessageStatus, Trouble
from provisioning.contract.numbers import Routing
from tests.provisioning.carrier_cases import CALLED_BACK, CallbackCases, PortingCallbackCases, SignedAddressCases
from tests.provisioning.rehearsal import ENVIRON, TOKEN

FIXTURES = Path(__file__).parent / "fixtures" / "twilio"
ADDRESS = "https://us.test/webhooks/twilio"
ORDER = "KW0123456789abcdef0123456789abcdef"
MESSAGE = "SM0123456789abcdef0123456789abcdef"
CALL = "CA0123456789abcdef0123456789abcdef"
RECORDING = "RE0123456789abcdef0123456789abcdef"
RECORDING_URL = f"https://api.twilio.com/2010-04-01/Accounts/{ENVIRON['TWILIO_ACCOUNT_SID']}/Recordings/{RECORDING}"
CALLER, CALLED = "+14155552671", "+12125552368"
FORM, JSON = "application/x-www-form-urlencoded; charset=UTF-8", "application/json"


def fixture(name):
    return (FIXTURES / name).read_bytes()


def signed_form(url, body, token=TOKEN):
    fields = MultiDict(parse_qsl(body.decode(), keep_blank_values=True))
    signature = RequestValidator(token).compute_signature(url, fields)
    return SignedRequest(url, {"x-twilio-signature": signature, "content-type": FORM}, body)


def signed_json(url, body, token=TOKEN):
    url = f"{url}?bodySHA256={hashlib.sha256(body).hexdigest()}"
    return SignedRequest(
        url,
        {"x-twilio-signature": RequestValidator(token).compute_signature(url, {}), "content-type": JSON},
        body,
    )


BUNDLE = "BU0123456789abcdef0123456789abcdef"
CALLBACKS = build(ENVIRON).network.callbacks


@pytest.fixture
def callbacks():
    return CALLBACKS


class TestTwilioCallbacks(CallbackCases, SignedAddressCases, PortingCallbackCases):
    @pytest.fixture
    def callbacks_at_carrier(self, carrier):
        return carrier.network.callbacks

    @pytest.fixture
    def genuine(self):
        bodies = {
            Subject.MESSAGE: "message.form",
            Subject.MESSAGE_STATUS: "message_status_delivered.form",
            Subject.VOICE: "voice_ringing.form",
            Subject.CALL_STATUS: "call_status_completed.form",
            Subject.PICKED_UP: "picked_up_by_a_machine.form",
            Subject.RECORDING: "recording_completed.form",
            Subject.TRANSCRIPT: "transcript_completed.form",
            Subject.NUMBER_PROOF: "number_proof_succeeded.form",
            Subject.REGISTRATION: "registration_rejected.form",
        }
        forms = {subject: signed_form(f"{ADDRESS}/{subject}?line=1", fixture(name)) for subject, name in bodies.items()}
        porting = signed_json(f"{ADDRESS}/porting", fixture("porting_number_rejected.json"))
        return {Subject.PORTING: porting, **forms}


@pytest.mark.parametrize(
    ("subject", "name", "event"),
    [
        (Subject.PORTING, "porting_waiting_for_signature.json", OrderChanged(ORDER)),
        (Subject.PORTING, "porting_number_rejected.json", OrderChanged(ORDER)),
        (Subject.PORTING, "porting_number_completed_by_event_name.json", OrderChanged(ORDER)),
        (Subject.MESSAGE, "message.form", MessageArrived(MESSAGE, CALLER, CALLED, "Är ni öppna i dag?")),
        (Subject.MESSAGE, "message_stop.form", MessageArrived(MESSAGE, CALLER, CALLED, "Stop", opt_out="stop")),
        (
            Subject.MESSAGE_STATUS,
            "message_status_delivered.form",
            MessageProgressed(MESSAGE, MessageStatus.DELIVERED, None, CALLED, CALLER),
        ),
        (
            Subject.MESSAGE_STATUS,
            "message_status_unregistered.form",
            MessageProgressed(MESSAGE, MessageStatus.UNDELIVERED, Trouble.NOT_REGISTERED, CALLED, CALLER),
        ),
        (Subject.VOICE, "voice_ringing.form", CallArrived(CALL, CALLER, CALLED, token='{"parentCallInfoToken":"x"}')),
        (Subject.VOICE, "voice_forwarded.form", CallArrived(CALL, CALLER, CALLED, "+14155550123")),
        (Subject.VOICE, "voice_nobody_answered.form", RingEnded(CALL, CALLER, CALLED, CallOutcome.NO_ANSWER)),
        (Subject.VOICE, "voice_picked_up_by_a_machine.form", RingEnded(CALL, CALLER, CALLED, CallOutcome.NOT_TAKEN)),
        (Subject.VOICE, "voice_key_pressed.form", KeyPressed(CALL, "2", CALLER, CALLED)),
        (Subject.VOICE, "voice_call_taken.form", KeyPressed(f"{CALL[:-1]}0", "1", CALLER, "+14155550188", CALL)),
        (Subject.VOICE, "voice_message_left.form", VoicemailLeft(CALL, RECORDING, f"{RECORDING_URL}.mp3", 7)),
        (Subject.CALL_STATUS, "call_status_completed.form", CallEnded(CALL, CALLER, CALLED, 63)),
        (Subject.PICKED_UP, "picked_up_by_a_machine.form", PickedUp(CALL, by_machine=True)),
        (Subject.PICKED_UP, "picked_up_by_a_person.form", PickedUp(CALL, by_machine=False)),
        (Subject.RECORDING, "recording_of_a_talk.form", TalkRecorded(CALL, RECORDING, f"{RECORDING_URL}.mp3", 7)),
        (Subject.RECORDING, "recording_completed.form", VoicemailLeft(CALL, RECORDING, f"{RECORDING_URL}.mp3", 7)),
        (Subject.RECORDING, "recording_absent.form", Unfamiliar("recording status 'absent'")),
        (Subject.TRANSCRIPT, "transcript_completed.form", TranscriptReady(CALL, RECORDING, "Please call me back.")),
        (Subject.NUMBER_PROOF, "number_proof_succeeded.form", ProofEnded(CALLER)),
        (Subject.TRANSCRIPT, "transcript_failed.form", TranscriptReady(CALL, RECORDING, "")),
        (
            Subject.REGISTRATION,
            "registration_rejected.form",
            RegistrationChanged(BUNDLE, "Invalid Street. Address suggestion: 123 Blake Street"),
        ),
        (Subject.REGISTRATION, "registration_in_review.form", RegistrationChanged(BUNDLE)),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_each_event_is_read_into_our_words(callbacks, subject, name, event):
    assert callbacks.read(subject, fixture(name)) == (event,)


def test_pictures_come_with_their_addresses(callbacks):
    [event] = callbacks.read(Subject.MESSAGE, fixture("message_with_pictures.form"))
    assert len(event.media_urls) == 2
    assert all(url.startswith("https://api.twilio.com/") for url in event.media_urls)


def test_every_fixture_is_read_by_some_test():
    here = Path(__file__).read_text()
    assert [path.name for path in FIXTURES.iterdir() if path.name not in here] == []


@pytest.mark.parametrize("word", ["completed", "Waiting for Signature", "PortInCompleted", "", None, 7])
def test_whatever_its_status_is_called_a_porting_callback_says_look_here(callbacks, word):
    import json

    body = json.dumps({"port_in_request_sid": ORDER, "status": word}).encode()
    assert callbacks.read(Subject.PORTING, body) == (OrderChanged(ORDER),)


@pytest.mark.parametrize("sid", ["", None, 7, "KW1", "PU0123456789abcdef0123456789abcdef", f"{ORDER}/../x"])
def test_a_porting_callback_without_a_proper_sid_is_unfamiliar(callbacks, sid):
    import json

    body = json.dumps({"port_in_request_sid": sid}).encode()
    [event] = callbacks.read(Subject.PORTING, body)
    assert isinstance(event, Unfamiliar)


def test_an_unfamiliar_callback_does_not_repeat_what_the_customer_wrote(callbacks):
    [event] = callbacks.read(Subject.MESSAGE, b"Body=my+pin+is+4242&MessageSid=SM1&To=b")
    assert isinstance(event, Unfamiliar)
    assert "4242" not in event.why


# the carrier's own published example and three made with its SDK
VECTOR_URL = "https://mycompany.com/myapp.php?foo=1&bar=2"
VECTOR_BODY = urlencode(
    {
        "CallSid": "CA1234567890ABCDE",
        "Digits": "1234",
        "From": "+14158675309",
        "To": "+18005551212",
        "Caller": "+14158675309",
    }
).encode()
VECTOR_JSON_URL = f"{VECTOR_URL}&bodySHA256=0a1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e6620"
VECTOR_JSON = b'{"property": "value", "boolean": true}'


@pytest.mark.parametrize(
    ("subject", "url", "body", "signature"),
    [
        (Subject.VOICE, VECTOR_URL, VECTOR_BODY, "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
        (Subject.PORTING, VECTOR_JSON_URL, VECTOR_JSON, "a9nBmqA0ju/hNViExpshrM61xv4="),
        (
            Subject.PORTING,
            "https://sandbox.local/hooks/port-in?bodySHA256=d0765f73cd5d1df39be353d538ea7c47a017d66a8bd001dc4707240dbb71e58c",
            b'{"status":"completed"}',
            "MEAV5RWsghonPxUwmMahHhFfjmc=",
        ),
        (
            Subject.MESSAGE,
            "https://sandbox.local/sms",
            b"Body=h%C3%A9llo&From=%2B15005550006",
            "JwOAXvrops/0+rKuWgQrLGpScg4=",
        ),
    ],
)
def test_known_signatures_are_verified(subject, url, body, signature):
    callbacks = build({**ENVIRON, "TWILIO_AUTH_TOKEN": "12345"}).network.callbacks
    kind = JSON if subject is Subject.PORTING else FORM
    request = SignedRequest(url, {"x-twilio-signature": signature, "content-type": kind}, body)
    assert callbacks.verify(subject, request, CALLED_BACK)


def test_a_signature_with_the_old_token_counts_during_rotation_only(callbacks):
    request = signed_form(f"{ADDRESS}/message", fixture("message.form"), token="the-old-one")
    assert not callbacks.verify(Subject.MESSAGE, request, CALLED_BACK)
    rotating = build({**ENVIRON, "TWILIO_AUTH_TOKEN_OLD": "the-old-one"}).network.callbacks
    assert rotating.verify(Subject.MESSAGE, request, CALLED_BACK)


def test_a_signature_with_an_empty_token_never_counts(callbacks):
    assert not callbacks.verify(Subject.MESSAGE, signed_form(f"{ADDRESS}/message", b"a=1", token=""), CALLED_BACK)


def test_json_whose_hash_is_not_in_the_address_is_refused(callbacks):
    url = f"{ADDRESS}/porting"
    signature = RequestValidator(TOKEN).compute_signature(url, {})
    request = SignedRequest(url, {"x-twilio-signature": signature, "content-type": JSON}, b'{"status": "completed"}')
    assert not callbacks.verify(Subject.PORTING, request, CALLED_BACK)


RIGHT, WRONG = (hashlib.sha256(body).hexdigest() for body in (b"{}", b"[]"))


@pytest.mark.parametrize(
    ("hashes", "accepted"),
    [
        ((RIGHT,), True),
        ((RIGHT, RIGHT), True),  # as seen at the carrier: twilio-php#861
        ((RIGHT, WRONG), False),
        ((WRONG, RIGHT), False),
        ((WRONG, WRONG), False),
    ],
)
def test_a_hash_may_stand_in_the_address_twice_but_not_two_different_ones(callbacks, hashes, accepted):
    url = f"{ADDRESS}/porting?{'&'.join(f'bodySHA256={one}' for one in hashes)}"
    signature = RequestValidator(TOKEN).compute_signature(url, {})
    request = SignedRequest(url, {"x-twilio-signature": signature, "content-type": JSON}, b"{}")
    assert callbacks.verify(Subject.PORTING, request, CALLED_BACK) is accepted


@pytest.mark.parametrize(("fragment", "accepted"), [("", True), ("#rc=5&rp=all", True), ("#rc=0", False), ("#", False)])
def test_the_fragment_that_we_gave_may_be_signed_or_not(callbacks, fragment, accepted):
    signature = signed_form(f"{ADDRESS}/message{fragment}", b"a=1").headers["x-twilio-signature"]
    request = SignedRequest(f"{ADDRESS}/message", {"x-twilio-signature": signature, "content-type": FORM}, b"a=1")
    assert callbacks.verify(Subject.MESSAGE, request, CALLED_BACK) is accepted


def test_a_json_body_does_not_pass_as_a_form_nor_a_form_as_json(callbacks):
    as_json = signed_json(f"{ADDRESS}/message", b"{}")
    as_form = signed_form(f"{ADDRESS}/porting", b"port_in_request_sid=KW1")
    assert not callbacks.verify(Subject.MESSAGE, as_json, CALLED_BACK)
    assert not callbacks.verify(Subject.PORTING, as_form, CALLED_BACK)


names = st.text(st.sampled_from(string.ascii_letters + "_éß你"), min_size=1, max_size=6)
values = st.text(st.characters(codec="utf-8"), max_size=8)
fields = st.lists(st.tuples(names, values), max_size=8)
paths = st.text(st.sampled_from(string.ascii_letters + string.digits + "-._~%20&=?"), max_size=12)
ports = st.sampled_from(["", ":443", ":80", ":8443"])
urls = st.builds("{}://us.test{}/hook{}".format, st.sampled_from(["https", "http"]), ports, paths).filter(
    lambda url: urlsplit(url).geturl() == url  # the SDK drops a bare "?" before it looks at the signature
)


@given(url=urls, pairs=fields, repeated=st.booleans())
def test_what_the_sdk_signs_is_verified(url, pairs, repeated):
    body = urlencode(pairs * 2 if repeated else pairs).encode()
    assert CALLBACKS.verify(Subject.MESSAGE, signed_form(url, body), CALLED_BACK)


@given(url=urls, signed_url=urls, pairs=fields, signed_pairs=fields)
def test_nothing_is_verified_that_the_sdk_would_refuse(url, signed_url, pairs, signed_pairs):
    signature = signed_form(signed_url, urlencode(signed_pairs).encode()).headers["x-twilio-signature"]
    request = SignedRequest(url, {"x-twilio-signature": signature, "content-type": FORM}, urlencode(pairs).encode())
    if CALLBACKS.verify(Subject.MESSAGE, request, CALLED_BACK):
        assert RequestValidator(TOKEN).validate(url, MultiDict(pairs), signature)


@given(subject=st.sampled_from(Subject), body=st.binary(max_size=200), kind=st.text(max_size=40), signature=st.text())
def test_nothing_that_comes_in_makes_us_stumble(subject, body, kind, signature):
    headers = {"content-type": kind, "x-twilio-signature": signature}
    assert not CALLBACKS.verify(subject, SignedRequest(f"{ADDRESS}/{subject}", headers, body), CALLED_BACK)
    CALLBACKS.read(subject, body)


@pytest.mark.parametrize("signed_with", ["https://us.test/x", "https://us.test:443/x"])
@pytest.mark.parametrize("received_at", ["https://us.test/x", "https://us.test:443/x"])
def test_the_port_may_be_signed_or_not(callbacks, signed_with, received_at):
    signature = signed_form(signed_with, b"a=1").headers["x-twilio-signature"]
    request = SignedRequest(received_at, {"x-twilio-signature": signature, "content-type": FORM}, b"a=1")
    assert callbacks.verify(Subject.MESSAGE, request, CALLED_BACK)


def test_the_rest_of_the_porting_configuration_is_left_alone(carrier, session):
    session.post(
        "http://sandbox.test/numbers.twilio.com/v1/Porting/Configuration/Webhook",
        json={"port_out_target_url": "https://them.test/out", "notifications_of": ["PortInCompleted"]},
        auth=(ENVIRON["TWILIO_ACCOUNT_SID"], TOKEN),
    )
    carrier.network.callbacks.point_porting_at("https://us.test/porting")
    kept = session.get(
        "http://sandbox.test/numbers.twilio.com/v1/Porting/Configuration/Webhook",
        auth=(ENVIRON["TWILIO_ACCOUNT_SID"], TOKEN),
    ).json()
    assert kept["port_in_target_url"] == "https://us.test/porting"
    assert kept["port_out_target_url"] == "https://them.test/out"
    assert kept["notifications_of"] == []


@pytest.fixture
def our_number(carrier):
    return carrier.network.numbers.buy(
        "+14152367003", "tag", Routing("https://u.test", "https://u.test", "https://u.test")
    )


def test_messages_that_arrived_while_we_were_away_are_found(carrier, world, clock, our_number):
    world.text(CALLER, our_number.number, "before")
    clock.jump(timedelta(hours=1))
    away_since = clock.now()
    world.text(CALLER, our_number.number, "first", ["image/jpeg"])
    clock.jump(timedelta(minutes=5))
    world.text(CALLER, our_number.number, "second")
    missed = carrier.network.callbacks.received_messages(away_since)
    assert [message.text for message in missed] == ["first", "second"]
    assert [len(message.media_urls) for message in missed] == [1, 0]
    assert missed[0].sender == CALLER
    assert missed[0].at == away_since


def test_calls_that_nobody_told_us_of_are_found(carrier, world, clock, our_number):
    world.call(CALLER, our_number.number)
    clock.jump(timedelta(hours=1))
    away_since = clock.now()
    called = world.call(CALLER, our_number.number, forwarded_from="+12125552000")
    [missed] = carrier.network.callbacks.ended_calls(away_since)
    assert (missed.reference, missed.caller, missed.called) == (called.sid, CALLER, our_number.number)
    assert (missed.forwarded_from, missed.at) == ("+12125552000", away_since)


def test_messages_of_ours_are_not_among_those_that_arrived(carrier, clock, our_number):
    from provisioning.contract.messaging import OutgoingMessage

    carrier.network.messaging.send(OutgoingMessage(our_number.number, CALLER, "hello", "https://us.test/status"))
    assert carrier.network.callbacks.received_messages(clock.now()) == []
