from xml.etree import ElementTree as ET

import pytest
from twilio.twiml.voice_response import VoiceResponse

from provisioning.carriers.twilio.voice import TwilioVoice
from provisioning.contract.voice import AskForKey, Decline, HangUp, Ring, Say, TakeMessage

RING = Ring(("+14155552671", "+14155550123"), 20, "https://us.test/then", "+12125552368")


def render(*steps):
    return ET.fromstring(TwilioVoice().render(steps).body)  # noqa: S314 - our own document


def test_the_answer_is_xml():
    assert TwilioVoice().render([]).media_type == "text/xml"
    assert render().tag == "Response"


def test_steps_are_written_in_order():
    tags = [verb.tag for verb in render(Say("Hi", "en-US"), RING, HangUp())]
    assert tags == ["Say", "Dial", "Hangup"]


@pytest.mark.parametrize(
    ("language", "voice"),
    [
        ("en-US", "Polly.Joanna"),
        ("sv-SE", "Polly.Astrid"),
        ("es-US", "Polly.Lupe"),
        ("fr-CA", "Polly.Chantal"),
        ("fi-FI", None),
    ],
)
def test_a_greeting_is_spoken_in_its_language_by_a_voice_that_speaks_it(language, voice):
    say = render(Say("Välkommen", language))[0]
    assert (say.text, say.get("language"), say.get("voice")) == ("Välkommen", language, voice)


def test_a_greeting_cannot_add_verbs_of_its_own():
    response = render(Say("</Say><Dial>+19005550100</Dial>", "en-US"))
    assert [verb.tag for verb in response] == ["Say"]


@pytest.mark.parametrize("character", ["\x00", "\x0b", "\ud800", "\ufffe"])
def test_characters_that_xml_forbids_do_not_drop_the_call(character):
    assert render(Say(f"one{character}two", "en-US"))[0].text == "one two"


def test_phones_ring_together_and_the_outcome_comes_back():
    dial = render(RING)[0]
    assert [number.text for number in dial] == ["+14155552671", "+14155550123"]
    assert dial.attrib == {
        "action": "https://us.test/then",
        "method": "POST",
        "timeout": "20",
        "callerId": "+12125552368",
        "answerOnBridge": "true",
    }


def test_who_answers_is_asked_before_the_call_is_put_through():
    dial = render(Ring(RING.numbers, 20, RING.then_url, RING.caller_id, screen_url="https://us.test/screen"))[0]
    assert {number.get("url") for number in dial} == {"https://us.test/screen"}


def test_an_extension_is_keyed_after_pick_up():
    dial = render(Ring(("+14155552671;ext=12", "+14155550123"), 20, RING.then_url, RING.caller_id))[0]
    assert [(number.text, number.get("sendDigits")) for number in dial] == [
        ("+14155552671", "ww12"),
        ("+14155550123", None),
    ]


def test_one_key_is_asked_for():
    gather = render(AskForKey(Say("Press one", "en-US"), "https://us.test/key", seconds=7))[0]
    assert gather.tag == "Gather"
    assert (gather.get("numDigits"), gather.get("timeout"), gather.get("action")) == ("1", "7", "https://us.test/key")
    assert gather[0].text == "Press one"


def test_a_message_is_taken_with_all_its_callbacks():
    message = TakeMessage("https://us.test/then", "https://us.test/rec", "https://us.test/words", "en-US", longest=90)
    record = render(message)[0]
    assert record.tag == "Record"
    assert record.get("action") == "https://us.test/then"
    assert record.get("maxLength") == "90"
    assert record.get("recordingStatusCallback") == "https://us.test/rec"
    assert record.get("recordingStatusCallbackEvent") == "completed"
    assert record.get("transcribeCallback") == "https://us.test/words"


def test_a_message_is_transcribed_in_english_only():
    message = TakeMessage("https://us.test/then", "https://us.test/rec", "https://us.test/words", "sv-SE")
    assert {"transcribe", "transcribeCallback"}.isdisjoint(render(message)[0].attrib)


def test_a_call_is_turned_away_as_busy():
    assert render(Decline())[0].attrib == {"reason": "busy"}


def test_our_own_writing_says_what_the_carriers_sdk_would():
    url = 'https://us.test/then?step=rung&line=1"<'
    theirs = VoiceResponse()
    theirs.say("Tom & Jerry's <café>", language="en-US", voice="Polly.Joanna")
    dial = theirs.dial(action=url, method="POST", timeout=20, caller_id="+12125552368", answer_on_bridge=True)
    dial.number("+14155552671", url=url, method="POST")
    theirs.hangup()
    ours = Say("Tom & Jerry's <café>", "en-US"), Ring(RING.numbers[:1], 20, url, RING.caller_id, url), HangUp()
    assert ET.canonicalize(TwilioVoice().render(ours).body) == ET.canonicalize(str(theirs))
