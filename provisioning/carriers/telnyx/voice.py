"""A call plan in TeXML (https://developers.telnyx.com/docs/voice/programmable-voice/texml-translator)."""

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
from provisioning.contract.browser_phones import is_browser
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

VOICES: Final = {
    "en-US": "Polly.Joanna-Neural",
    "sv-SE": "Polly.Elin-Neural",
    "es-US": "Polly.Lupe-Neural",
    "fr-CA": "Polly.Gabrielle-Neural",
}
"""The voice for each language. For others there is the oldest one, which speaks many."""

OTHER_VOICE: Final = "alice"


class TelnyxVoice:
    """The voice facet. It runs while a phone is ringing, so it makes no requests."""

    reports_not_taken = False

    def render(self, steps: Sequence[CallStep]) -> CallAnswer:
        """Render the steps as one document.

        One that only speaks is put inside a Gather: a phone that was just picked up hears nothing else.
        """
        verbs = "".join([_verb(step) for step in steps])
        only_speaks = bool(steps) and all(isinstance(step, Say) for step in steps)
        return document(element("Gather", verbs, input="dtmf", timeout=1) if only_speaks else verbs)


def _verb(step: CallStep) -> str:
    return VERBS[type(step)](step)


def _say(step: Say) -> str:
    """Speak a text. Documents pass through Mustache, which would take two braces for a name."""
    text = speakable(step.text).replace("{{", "{ {")
    return element("Say", text, language=step.language, voice=VOICES.get(step.language, OTHER_VOICE))


def _play(step: Play) -> str:
    return element("Play", escape(step.url))


def _dial(step: Ring) -> str:
    """Ring all phones together, but those in browsers, which this carrier does not have."""
    screening = attributes({"url": step.screen_url, "method": "POST"} if step.screen_url else {})
    phones = [f"<Number{screening}>{escape(number_of(one))}</Number>" for one in step.numbers if not is_browser(one)]
    return element(
        "Dial",
        "".join(phones),
        action=step.then_url,
        method="POST",
        timeout=step.seconds,
        callerId=step.caller_id,
        answerOnBridge=True,  # the caller hears ringing until the call is bridged
        **_recording("record-from-answer-dual", step.recording_url),
    )


def number_of(dialed: str) -> str:
    """A number without its extension, which this carrier does not key: a person there puts the call through."""
    return dialed.partition(";ext=")[0]


def _conference(step: Join) -> str:
    """A room. It is recorded itself, as a Dial's attributes for that do not hold for rooms."""
    record = _recording("record-from-start", step.recording_url)
    room = element("Conference", escape(step.room), endConferenceOnExit=step.ends, beep=False, waitUrl="", **record)
    return element("Dial", room, **({"action": step.then_url, "method": "POST"} if step.then_url else {}))


def _recording(way: str, url: str) -> dict[str, str]:
    if not url:
        return {}
    return {"record": way, "recordingStatusCallback": url, "recordingStatusCallbackMethod": "POST"}


def _gather(step: AskForKey) -> str:
    return gather(step, _verb(step.prompt))


def _record(step: TakeMessage) -> str:
    """Take a voicemail, on one channel. Looking for silence is turned off, as it costs extra."""
    return element(
        "Record",
        action=step.then_url,
        method="POST",
        maxLength=step.longest,
        timeout=0,
        playBeep=True,
        channels="single",
        recordingStatusCallback=step.recording_url,
        recordingStatusCallbackMethod="POST",
        **_transcription(step),
    )


def _transcription(step: TakeMessage) -> dict[str, str]:
    if not step.transcript_url:
        return {}
    asked = {"transcriptionCallback": step.transcript_url, "transcriptionLanguage": step.language}
    return {"transcription": "true"} | asked


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
