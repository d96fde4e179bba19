"""A call plan in TwiML (https://www.twilio.com/docs/voice/twiml).

Written out here instead of by the SDK, whose tree of objects takes ten times as long while a phone is ringing. Tests
hold the two against each other.
"""

from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape, quoteattr

from provisioning.carriers.twilio.vocabulary import split_extension
from provisioning.contract.voice import AskForKey, CallAnswer, CallStep, Decline, HangUp, Play, Ring, Say, TakeMessage

VOICES = {"en-US": "Polly.Joanna", "sv-SE": "Polly.Astrid", "es-US": "Polly.Lupe", "fr-CA": "Polly.Chantal"}
"""Who speaks a language: the default voice speaks few, and a pair that does not exist fails.

https://www.twilio.com/docs/voice/twiml/say/text-speech
"""


class TwilioVoice:
    """The voice facet: it runs while a phone is ringing, so it only writes."""

    def render(self, steps: Sequence[CallStep]) -> CallAnswer:
        """The steps as one TwiML document."""
        verbs = "".join([_verb(step) for step in steps])
        return CallAnswer("text/xml", f'<?xml version="1.0" encoding="UTF-8"?>{_element("Response", verbs)}')


def _verb(step: CallStep) -> str:
    match step:
        case Say():
            return _say(step)
        case Play():
            return _play(step)
        case Ring():
            return _dial(step)
        case AskForKey():
            return _gather(step)
        case TakeMessage():
            return _record(step)
        case HangUp() | Decline():
            return _end(step)


def _end(step: HangUp | Decline) -> str:
    return _element("Reject", reason="busy") if isinstance(step, Decline) else _element("Hangup")


def _say(step: Say) -> str:
    return _element("Say", escape(_speakable(step.text)), language=step.language, voice=VOICES.get(step.language))


def _play(step: Play) -> str:
    return _element("Play", escape(step.url))


def _dial(step: Ring) -> str:
    screening = _attributes({"url": step.screen_url, "method": "POST"} if step.screen_url else {})
    phones = [_phone(number, screening) for number in step.numbers]
    return _element(
        "Dial",
        "".join(phones),
        action=step.then_url,
        method="POST",
        timeout=step.seconds,
        callerId=step.caller_id,
        answerOnBridge=True,  # the caller hears ringing, not silence, until somebody talks
        **_recording(step.recording_url),
    )


def _phone(dialed: str, screening: str) -> str:
    number, keys = split_extension(dialed)
    return f"<Number{screening}{_attributes({'sendDigits': keys or None})}>{escape(number)}</Number>"


def _recording(url: str) -> dict[str, str]:
    """Both sides on tracks of their own, from the moment they talk; whispers and ringing are not on it."""
    if not url:
        return {}
    return {
        "record": "record-from-answer-dual",
        "recordingStatusCallback": url,
        "recordingStatusCallbackMethod": "POST",
    }


def _gather(step: AskForKey) -> str:
    prompt = _verb(step.prompt)
    return _element(
        "Gather", prompt, input="dtmf", numDigits=1, timeout=step.seconds, action=step.then_url, method="POST"
    )


def _record(step: TakeMessage) -> str:
    return _element(
        "Record",
        # without an action the carrier would ask for the whole plan again after the message
        action=step.then_url,
        method="POST",
        maxLength=step.longest,
        playBeep=True,
        recordingStatusCallback=step.recording_url,
        recordingStatusCallbackMethod="POST",
        recordingStatusCallbackEvent="completed",  # a caller who says nothing is nobody's business
        **_transcription(step),
    )


def _transcription(step: TakeMessage) -> dict[str, str]:
    """The carrier writes down English alone; any other language would be paid for and read as English."""
    if not step.language.startswith("en"):
        return {}
    return {"transcribe": "true", "transcribeCallback": step.transcript_url}


def _element(name: str, content: str = "", **attributes: str | int | None) -> str:
    """One element around content that is XML already; attributes as the carrier names them, None ones left out."""
    return f"<{name}{_attributes(attributes)}>{content}</{name}>"


def _attributes(given: Mapping[str, str | int | None]) -> str:
    return "".join([f" {name}={quoteattr(_value(value))}" for name, value in given.items() if value is not None])


def _value(value: str | int) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _speakable(text: str) -> str:
    """Without the control characters that XML forbids: one of them would make the carrier drop the call."""
    return "".join(character if character.isprintable() else " " for character in text)
