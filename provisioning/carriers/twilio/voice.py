"""A call plan in TwiML (https://www.twilio.com/docs/voice/twiml).

This does not use the SDK, whose objects take ten times as long while a phone is ringing. Tests compare the two.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final
from xml.sax.saxutils import escape, quoteattr

from provisioning.carriers.twilio.vocabulary import split_extension
from provisioning.contract.browser_phones import SCHEME, is_browser
from provisioning.contract.voice import (
    AskForKey,
    CallAnswer,
    CallStep,
    Decline,
    HangUp,
    Join,
    Play,
    Ring,
    Say,
    StopWaiting,
    TakeMessage,
    Wait,
)

VOICES = {"en-US": "Polly.Joanna", "sv-SE": "Polly.Astrid", "es-US": "Polly.Lupe", "fr-CA": "Polly.Chantal"}
"""The voice for each language. The default voice speaks few, and `<Say>` fails for a pair that does not exist.

https://www.twilio.com/docs/voice/twiml/say/text-speech
"""


class TwilioVoice:
    """The voice facet. It runs while a phone is ringing, so it makes no requests."""

    def render(self, steps: Sequence[CallStep]) -> CallAnswer:
        """Render the steps as one TwiML document."""
        verbs = "".join([_verb(step) for step in steps])
        return CallAnswer("text/xml", f'<?xml version="1.0" encoding="UTF-8"?>{_element("Response", verbs)}')


def _verb(step: CallStep) -> str:
    return VERBS[type(step)](step)


def _hang_up(_: HangUp) -> str:
    return _element("Hangup")


def _decline(_: Decline) -> str:
    return _element("Reject", reason="busy")


def _stop_waiting(_: StopWaiting) -> str:
    return _element("Leave")


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
        answerOnBridge=True,  # the caller hears ringing until the call is bridged
        **_recording(step.recording_url),
    )


def _enqueue(step: Wait) -> str:
    return _element(
        "Enqueue",
        escape(step.queue),
        waitUrl=step.wait_url,
        waitUrlMethod="POST",
        action=step.then_url,
        method="POST",
    )


def _conference(step: Join) -> str:
    """A room. An empty `waitUrl` is silence, which lasts until the other one is there."""
    room = _element("Conference", escape(step.room), endConferenceOnExit=step.ends, beep=False, waitUrl="")
    then = {"action": step.then_url, "method": "POST"} if step.then_url else {}
    return _element("Dial", room, **then, **_recording(step.recording_url))


def _phone(dialed: str, screening: str) -> str:
    if is_browser(dialed):
        return f"<Client{screening}>{escape(dialed.removeprefix(SCHEME))}</Client>"
    number, keys = split_extension(dialed)
    sent = _attributes({"sendDigits": keys}) if keys else ""
    return f"<Number{screening}{sent}>{escape(number)}</Number>"


def _recording(url: str) -> dict[str, str]:
    """Record both sides on separate channels from the bridging on, without screening and ringing."""
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
        # without an action the carrier would request the same document again after the message
        action=step.then_url,
        method="POST",
        maxLength=step.longest,
        playBeep=True,
        recordingStatusCallback=step.recording_url,
        recordingStatusCallbackMethod="POST",
        recordingStatusCallbackEvent="completed",  # silence needs no callback
        **_transcription(step),
    )


def _transcription(step: TakeMessage) -> dict[str, str]:
    """The carrier transcribes English only; it would read any other language as English, and charge for it."""
    if not step.transcript_url or not step.language.startswith("en"):
        return {}
    return {"transcribe": "true", "transcribeCallback": step.transcript_url}


def _element(name: str, content: str = "", **attributes: str | int | None) -> str:
    """One element around XML content. Attributes have the carrier's names; None is left out."""
    return f"<{name}{_attributes(attributes)}>{content}</{name}>"


def _attributes(attributes: Mapping[str, str | int | None]) -> str:
    return "".join([f" {name}={quoteattr(_value(value))}" for name, value in attributes.items() if value is not None])


def _value(value: str | int) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _speakable(text: str) -> str:
    """Replace the control characters that XML forbids; with one of them the carrier drops the call."""
    return "".join(character if character.isprintable() else " " for character in text)


VERBS: Final[Mapping[type, Callable[[Any], str]]] = {
    Say: _say,
    Play: _play,
    Ring: _dial,
    AskForKey: _gather,
    TakeMessage: _record,
    Wait: _enqueue,
    StopWaiting: _stop_waiting,
    Join: _conference,
    HangUp: _hang_up,
    Decline: _decline,
}
"""What renders each step."""
