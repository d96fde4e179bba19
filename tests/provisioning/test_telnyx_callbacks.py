"""The bodies are those of the carrier's documents, with our numbers; they are signed with a key of our own."""

import json
from base64 import b64encode
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from provisioning.carriers.telnyx.callbacks import TelnyxCallbacks
from provisioning.carriers.telnyx.signatures import public_key
from provisioning.contract.callbacks import (
    CallArrived,
    CallEnded,
    CallOutcome,
    KeyPressed,
    MessageArrived,
    MessageProgressed,
    OrderChanged,
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
from tests.provisioning.carrier_cases import CALLED_BACK, CallbackCases

FIXTURES = Path(__file__).parent / "fixtures" / "telnyx"
ADDRESS = "https://us.test/webhooks/telnyx"
ORDER, OTHER_ORDER = "0123e4dc-4a9f-4b2e-8f5a-3f1c6c5b0a11", "0123e4dc-4a9f-4b2e-8f5a-3f1c6c5b0a12"
MESSAGE = "40385f64-5717-4562-b3fc-2c963f66afa6"
CALL = "v3:9X2vxPDFY2RHSJ1EdMS0RHRksMTg7ldNxdjWbVr9zBjbGjGsSe-aiQ"
OTHER_CALL = "v3:MdI91X4lWFEs7IgbBEOT9M4AigoY08M0WWZFISt1Yw2axZ_IiE4pqg"
RECORDING, RECORDING_URL = "b08f0fa1-a32c-4218-b3b5-9cf78941ccac", "https://s3.amazonaws.com/recordings/1.mp3"
KEPT = f"{RECORDING_URL}?X-Amz-Expires=600#{RECORDING}"
CALLER, CALLED = "+14155552671", "+12125552368"
RECEIVED = datetime(2026, 3, 2, 14, 59, 58, 100_000, tzinfo=UTC)

KEY, OLD_KEY = (Ed25519PrivateKey.from_private_bytes(bytes([one]) * 32) for one in (1, 2))


def shown(key):
    """The public key as the carrier's portal shows it."""
    return b64encode(key.public_key().public_bytes_raw()).decode()


CALLBACKS = TelnyxCallbacks([public_key(shown(KEY))], None, None, None)


def fixture(name):
    return (FIXTURES / name).read_bytes()


def signed(subject, body, kind, *, at=CALLED_BACK, key=KEY):
    stamp = str(int(at.timestamp()))
    signature = b64encode(key.sign(f"{stamp}|".encode() + body)).decode()
    headers = {"telnyx-timestamp": stamp, "telnyx-signature-ed25519": signature, "content-type": kind}
    return SignedRequest(f"{ADDRESS}/{subject}", headers, body)


@pytest.fixture
def callbacks():
    return CALLBACKS


UNREAD = (Subject.NUMBER_PROOF, Subject.PICKED_UP)
"""Of a number that was proven the carrier never tells; what it posts about machines that pick up is not read yet."""


class TestTelnyxCallbacks(CallbackCases):
    SUBJECTS = tuple(subject for subject in Subject if subject not in UNREAD)

    @pytest.fixture
    def genuine(self):
        bodies = {
            Subject.PORTING: "porting_exception.json",
            Subject.MESSAGE: "message.json",
            Subject.MESSAGE_STATUS: "message_delivered.json",
            Subject.REGISTRATION: "brand_changed.json",
            Subject.VOICE: "voice_ringing.form",
            Subject.CALL_STATUS: "call_completed.form",
            Subject.RECORDING: "recording_completed.form",
            Subject.TRANSCRIPT: "transcript.form",
        }
        kinds = {".json": "application/json", ".form": "application/x-www-form-urlencoded"}
        return {subject: signed(subject, fixture(name), kinds[Path(name).suffix]) for subject, name in bodies.items()}


@pytest.mark.parametrize(
    ("subject", "name", "events"),
    [
        (Subject.PORTING, "porting_exception.json", [OrderChanged(ORDER)]),
        (Subject.PORTING, "porting_comment.json", [OrderChanged(ORDER)]),
        (Subject.PORTING, "porting_split.json", [OrderChanged(ORDER), OrderChanged(OTHER_ORDER)]),
        (Subject.PORTING, "porting_messaging_flat.json", [OrderChanged(ORDER)]),
        (Subject.PORTING, "porting_deleted_flat.json", [OrderChanged(ORDER)]),
        (Subject.PORTING, "porting_loa_updated.json", []),
        (Subject.PORTING, "message.json", [Unfamiliar("porting event 'message.received'")]),
        (Subject.MESSAGE, "message.json", [MessageArrived(MESSAGE, CALLER, CALLED, "Är ni öppna i dag?", at=RECEIVED)]),
        (
            Subject.MESSAGE,
            "message_with_picture.json",
            [
                MessageArrived(
                    MESSAGE, CALLER, CALLED, "", ("https://media.telnyx.com/example-picture.png",), at=RECEIVED
                )
            ],
        ),
        (
            Subject.MESSAGE,
            "message_stop.json",
            [MessageArrived(MESSAGE, CALLER, CALLED, "Stop", opt_out="stop", at=RECEIVED)],
        ),
        (
            Subject.MESSAGE,
            "message_to_several.json",
            [MessageArrived(MESSAGE, CALLER, CALLED, "Är ni öppna i dag?", at=RECEIVED)],
        ),
        (Subject.MESSAGE, "message_delivered.json", [Unfamiliar("message event 'message.finalized'")]),
        (
            Subject.MESSAGE_STATUS,
            "message_sent.json",
            [MessageProgressed(MESSAGE, MessageStatus.SENT, None, CALLED, CALLER)],
        ),
        (
            Subject.MESSAGE_STATUS,
            "message_delivered.json",
            [MessageProgressed(MESSAGE, MessageStatus.DELIVERED, None, CALLED, CALLER)],
        ),
        (
            Subject.MESSAGE_STATUS,
            "message_opted_out.json",
            [MessageProgressed(MESSAGE, MessageStatus.UNDELIVERED, Trouble.OPTED_OUT, CALLED, CALLER)],
        ),
        (
            Subject.MESSAGE_STATUS,
            "message_unconfirmed.json",
            [MessageProgressed(MESSAGE, MessageStatus.SENT, None, CALLED, CALLER)],
        ),
        (Subject.REGISTRATION, "brand_changed.json", [RegistrationChanged("4b20017c-8da9-4991-a6a7-89d6d5c92a8e")]),
        (Subject.REGISTRATION, "campaign_changed.json", [RegistrationChanged("4b30017c-8da9-4991-a6a7-89d6d5c92a8e")]),
        (Subject.VOICE, "voice_ringing.form", [CallArrived(CALL, CALLER, CALLED)]),
        (Subject.VOICE, "voice_anonymous.form", [CallArrived(CALL, "", CALLED)]),
        (Subject.VOICE, "voice_ring_ended.form", [RingEnded(CALL, CALLER, CALLED, CallOutcome.NO_ANSWER)]),
        (Subject.VOICE, "voice_key_pressed.form", [KeyPressed(CALL, "2", CALLER, CALLED)]),
        (Subject.VOICE, "voice_recorded.form", [VoicemailLeft(CALL, RECORDING, KEPT, 7)]),
        (Subject.CALL_STATUS, "call_completed.form", [CallEnded(CALL, CALLER, CALLED, 63)]),
        (Subject.CALL_STATUS, "call_of_a_dial.form", [CallEnded(OTHER_CALL, CALLER, CALLED, 63, parent=CALL)]),
        (Subject.CALL_STATUS, "call_answered.form", []),
        (Subject.RECORDING, "recording_completed.form", [VoicemailLeft(CALL, RECORDING, KEPT, 7)]),
        (Subject.RECORDING, "recording_of_a_talk.form", [TalkRecorded(CALL, RECORDING, KEPT, 7)]),
        (Subject.RECORDING, "recording_of_a_room.form", [TalkRecorded("", RECORDING, KEPT, 7)]),
        (Subject.RECORDING, "recording_absent.form", [Unfamiliar("recording status 'absent'")]),
        (Subject.TRANSCRIPT, "transcript.form", [TranscriptReady(CALL, RECORDING, "Please call me back.")]),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_each_event_is_read_into_our_words(callbacks, subject, name, events):
    assert list(callbacks.read(subject, fixture(name))) == events


def test_every_fixture_is_read_by_some_test():
    here = Path(__file__).read_text()
    assert [path.name for path in FIXTURES.iterdir() if f'"{path.name}"' not in here] == []


@pytest.mark.parametrize("late", [timedelta(minutes=-5), timedelta(), timedelta(minutes=5)])
def test_a_request_counts_for_five_minutes_by_our_clock(callbacks, late):
    request = signed(Subject.MESSAGE, fixture("message.json"), "application/json")
    assert callbacks.verify(Subject.MESSAGE, request, CALLED_BACK + late)


@pytest.mark.parametrize("late", [timedelta(minutes=-5, seconds=-1), timedelta(minutes=5, seconds=1), timedelta(400)])
def test_a_request_of_another_time_is_refused_however_well_it_is_signed(callbacks, late):
    request = signed(Subject.MESSAGE, fixture("message.json"), "application/json")
    assert not callbacks.verify(Subject.MESSAGE, request, CALLED_BACK + late)


@pytest.mark.parametrize("stamp", ["", "-1", "1e9", "１７７２４６３６００", " 1772463600", "9" * 400])
def test_what_is_no_time_of_sending_is_refused(callbacks, stamp):
    request = signed(Subject.MESSAGE, b"{}", "application/json")
    signature = b64encode(KEY.sign(stamp.encode() + b"|{}")).decode()
    headers = {**request.headers, "telnyx-timestamp": stamp, "telnyx-signature-ed25519": signature}
    assert not callbacks.verify(Subject.MESSAGE, replace(request, headers=headers), CALLED_BACK)


def test_two_keys_count_while_they_are_rotated(callbacks):
    request = signed(Subject.MESSAGE, b"{}", "application/json", key=OLD_KEY)
    assert not callbacks.verify(Subject.MESSAGE, request, CALLED_BACK)
    rotating = TelnyxCallbacks([public_key(shown(KEY)), public_key(shown(OLD_KEY))], None, None, None)
    assert rotating.verify(Subject.MESSAGE, request, CALLED_BACK)


@pytest.mark.parametrize("written", ["", "x", "AAAA", "not base64!", shown(KEY)[:-4]])
def test_a_key_that_is_none_is_refused(written):
    with pytest.raises(ValueError):  # noqa: PT011 - of the library or of ours
        public_key(written)


def test_a_form_does_not_pass_as_an_event_nor_an_event_as_a_form(callbacks):
    form, event = "application/x-www-form-urlencoded", "application/json"
    assert not callbacks.verify(Subject.MESSAGE, signed(Subject.MESSAGE, b"a=1", form), CALLED_BACK)
    assert not callbacks.verify(Subject.VOICE, signed(Subject.VOICE, b"{}", event), CALLED_BACK)


@pytest.mark.parametrize("subject", UNREAD)
def test_what_is_not_read_is_not_let_in(callbacks, subject):
    for kind in ("application/x-www-form-urlencoded", "application/json"):
        assert not callbacks.verify(subject, signed(subject, b"{}", kind), CALLED_BACK)
    [event] = callbacks.read(subject, b"{}")
    assert isinstance(event, Unfamiliar)


def test_no_sample_can_be_signed_here(callbacks):
    assert callbacks.sample(f"{ADDRESS}/message-status") is None


@pytest.mark.parametrize(
    "body",
    [
        b'{"data": []}',
        b'{"data": {"event_type": 7, "payload": {}}}',
        b'{"data": {"event_type": "message.received"}}',
        b'{"data": {"event_type": "message.received", "payload": {"id": "a b"}}}',
        b'{"event_type": "message.received", "payload": {"id": "1", "from": {"phone_number": "+1"}, "to": []}}',
        b'{"data": {"event_type": "message.received", "payload": {"id": "1", "from": "+1", "to": "+2"}}}',
    ],
)
def test_a_message_without_its_particulars_is_unfamiliar(callbacks, body):
    [event] = callbacks.read(Subject.MESSAGE, body)
    assert isinstance(event, Unfamiliar)


def test_what_the_database_cannot_keep_is_taken_out_of_a_text(callbacks):
    body = fixture("message.json").decode().replace("Är ni", "\\u0000\\ud800Hi").encode()
    [event] = callbacks.read(Subject.MESSAGE, body)
    assert event.text == "?Hi öppna i dag?"


def test_an_unfamiliar_callback_does_not_repeat_what_the_customer_wrote(callbacks):
    body = fixture("message.json").decode().replace(MESSAGE, "no id").replace("Är ni", "my pin is 4242")
    [event] = callbacks.read(Subject.MESSAGE, body.encode())
    assert isinstance(event, Unfamiliar)
    assert "4242" not in event.why


json_like = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["data", "payload", "id", "from", "to", "phone_number", "errors"]), inner)
    ),
    max_leaves=12,
)


@given(
    subject=st.sampled_from(TestTelnyxCallbacks.SUBJECTS),
    event_type=st.sampled_from(["message.received", "message.finalized", "porting_order.split", "x"]),
    payload=json_like,
    body=st.binary(max_size=60),
)
def test_nothing_that_comes_in_makes_us_stumble(subject, event_type, payload, body):
    CALLBACKS.read(subject, json.dumps({"event_type": event_type, "payload": payload}).encode())
    CALLBACKS.read(subject, body)
    headers = {"content-type": "application/json", "telnyx-timestamp": "1", "telnyx-signature-ed25519": "AAAA"}
    assert not CALLBACKS.verify(subject, SignedRequest(ADDRESS, headers, body), CALLED_BACK)
