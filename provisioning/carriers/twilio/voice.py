"""A call plan in TwiML (https://www.twilio.com/docs/voice/twiml), without the SDK. Tests compare the two."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final
from xml.sax.saxutils import escape

from provisioning.call_documents import (
    attributes,
    decline,
    document,
    element,
    enqueue,
    gather,
    hang_up,
    speakable,
    stop_waiting,
)
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

    reports_not_taken = True  # by `DialBridged`

    def render(self, steps: Sequence[CallStep]) -> CallAnswer:
        """Render the steps as one TwiML document."""
        return document("".join([_verb(step) for step in steps]))


def _verb(step: CallStep) -> str:
    return VERBS[type(step)](step)


def _say(step: Say) -> str:
    return element("Say", speakable(step.text), language=step.language, voice=VOICES.get(step.language))


def _play(step: Play) -> str:
    return element("Play", escape(step.url))


def _dial(step: Ring) -> str:
    screening = attributes({"url": step.screen_url, "method": "POST"} if step.screen_url else {})
    phones = [_phone(number, screening) for number in step.numbers]
    return element(
        "Dial",
        "".join(phones),
        action=step.then_url,
        method="POST",
        timeout=step.seconds,
        callerId=step.caller_id,
        answerOnBridge=True,  # the caller hears ringing until the call is bridged
        **_recording(step.recording_url),
    )


def _conference(step: Join) -> str:
    """A room. An empty `waitUrl` is silence, which lasts until the other one is there."""
    room = element("Conference", escape(step.room), endConferenceOnExit=step.ends, beep=False, waitUrl="")
    then = {"action": step.then_url, "method": "POST"} if step.then_url else {}
    return element("Dial", room, **then, **_recording(step.recording_url))


def _phone(dialed: str, screening: str) -> str:
    if is_browser(dialed):
        return f"<Client{screening}>{escape(dialed.removeprefix(SCHEME))}</Client>"
    number, keys = split_extension(dialed)
    sent = attributes({"sendDigits": keys}) if keys else ""
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
    return gather(step, _verb(step.prompt))


def _record(step: TakeMessage) -> str:
    return element(
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


VERBS: Final[Mapping[type, Callable[[Any], str]]] = {
    Say: _say,
    Play: _play,
    Ring: _dial,
    AskForKey: _gather,
    TakeMessage: _record,
    Wait: enqueue,
    StopWaiting: stop_waiting,
    Join: _conference,
    HangUp: hang_up,
    Decline: decline,
}
"""What renders each step."""
