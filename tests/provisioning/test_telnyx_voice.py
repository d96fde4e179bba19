from xml.etree import ElementTree as ET

import pytest

from provisioning.carriers.telnyx.voice import TelnyxVoice
from provisioning.contract.voice import AskForKey, HangUp, Join, Play, Ring, Say, TakeMessage, Wait
from tests.provisioning.carrier_cases import VoiceCases

RING = Ring(("+14155552671", "+14155550123"), 20, "https://us.test/then", "+12125552368")
MESSAGE = TakeMessage("https://us.test/then", "https://us.test/recording", "https://us.test/words", "sv-SE")


def render(*steps):
    return ET.fromstring(TelnyxVoice().render(steps).body)  # noqa: S314 - our own document


class TestTelnyxVoice(VoiceCases):
    @pytest.fixture
    def voice(self):
        return TelnyxVoice()


@pytest.mark.parametrize(
    ("language", "voice"),
    [
        ("en-US", "Polly.Joanna-Neural"),
        ("sv-SE", "Polly.Elin-Neural"),
        ("es-US", "Polly.Lupe-Neural"),
        ("fr-CA", "Polly.Gabrielle-Neural"),
        ("fi-FI", "alice"),
    ],
)
def test_a_greeting_is_spoken_in_its_language_by_a_voice_that_speaks_it(language, voice):
    say = render(Say("Hej", language), HangUp())[0]
    assert (say.text, say.get("language"), say.get("voice")) == ("Hej", language, voice)


def test_braces_in_a_greeting_are_no_name_for_mustache():
    assert render(Say("Ask for {{{name}}}", "en-US"), HangUp())[0].text == "Ask for { {{name}}}"


def test_what_only_speaks_is_heard_on_a_phone_that_was_just_picked_up():
    [gather] = render(Say("This call is recorded.", "en-US"))
    assert (gather.tag, gather[0].tag, gather.get("action")) == ("Gather", "Say", None)
    assert [verb.tag for verb in render(Say("Hi", "en-US"), RING)] == ["Say", "Dial"]
    assert [verb.tag for verb in render(Play("https://us.test/ringing"))] == ["Play"]


def test_phones_ring_together_and_none_of_them_in_a_browser():
    dial = render(
        Ring((*RING.numbers, "browser:alice", "+14155550134;ext=12"), 20, "https://us.test/then", "+12125552368")
    )
    assert [(phone.tag, phone.text) for phone in dial[0]] == [
        ("Number", "+14155552671"),
        ("Number", "+14155550123"),
        ("Number", "+14155550134"),
    ]
    assert "sequential" not in dial[0].attrib


def test_who_answers_is_asked_before_the_call_is_put_through():
    dial = render(Ring(RING.numbers, 20, RING.then_url, RING.caller_id, screen_url="https://us.test/screen"))[0]
    assert {number.get("url") for number in dial} == {"https://us.test/screen"}


def test_a_voicemail_is_written_down_in_its_language_and_silence_does_not_end_it():
    record = render(MESSAGE)[0]
    assert (record.get("transcription"), record.get("transcriptionLanguage")) == ("true", "sv-SE")
    assert (record.get("timeout"), record.get("channels"), record.get("maxLength")) == ("0", "single", "180")


def test_a_voicemail_that_nobody_wants_written_down_is_not():
    record = render(TakeMessage(MESSAGE.then_url, MESSAGE.recording_url, "", "en-US"))[0]
    assert not [name for name in record.attrib if name.startswith("transcription")]


def test_a_room_is_recorded_itself():
    [dial] = render(Join("room-1", recording_url="https://us.test/recording"))
    assert dial.get("record") is None
    assert (dial[0].text, dial[0].get("record"), dial[0].get("beep")) == ("room-1", "record-from-start", "false")


def test_callers_wait_and_are_asked_for_a_key():
    [queue] = render(Wait("q", "https://us.test/wait", "https://us.test/then"))
    assert (queue.text, queue.get("waitUrl"), queue.get("action")) == (
        "q",
        "https://us.test/wait",
        "https://us.test/then",
    )
    gather = render(AskForKey(Say("Press one", "en-US"), "https://us.test/key", seconds=7))[0]
    assert (gather.get("numDigits"), gather.get("timeout"), gather.get("action")) == ("1", "7", "https://us.test/key")
