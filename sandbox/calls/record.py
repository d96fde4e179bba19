"""The Record verb, and the callbacks about anything recorded. https://www.twilio.com/docs/voice/twiml/record."""

from xml.etree.ElementTree import Element

from sandbox.calls.line import Goto, flag, recording_url
from sandbox.calls.walk import HungUp, Walk
from sandbox.records import Recording, new_sid

# seconds between which a recording is transcribed: https://www.twilio.com/docs/api/errors/13617
SHORTEST, LONGEST = 2, 120


def record(walk: Walk, verb: Element) -> Goto | None:
    """The caller speaks after the beep and hangs up, unless he ends with a key. Silence: on to the next verb."""
    if flag(verb, "playBeep", "true"):
        walk.note("beep")
    if not walk.caller.says:
        walk.note("nobody speaks", int(verb.get("timeout", "5")))
        _tell_silence(walk, verb)
        return None
    recording = walk.line.record(walk.call, walk.caller.says, "RecordVerb")
    walk.note(f"records “{walk.caller.says}”", recording.seconds)
    walk.caller.says = ""
    tell_as_asked(walk, verb, recording)
    _transcribe(walk, verb, recording)
    return _after(walk, verb, recording)


def tell_recording(walk: Walk, recording: Recording, url: str, method: str = "POST", status: str = "completed") -> None:
    """The status callback of a recording, to the URL if there is one."""
    told = _about(recording) | {
        "RecordingStatus": status,
        "RecordingChannels": str(recording.channels),
        "RecordingStartTime": f"{recording.created:%a, %d %b %Y %H:%M:%S +0000}",
        "RecordingSource": recording.source,
        "RecordingTrack": "both",
    }
    walk.line.tell(walk.call, walk.absolute(url), method, told)


def tell_as_asked(walk: Walk, verb: Element, recording: Recording) -> None:
    """The callbacks that a Record or Dial asks for: `in-progress` and `completed`, the latter without being asked."""
    url, method = verb.get("recordingStatusCallback", ""), verb.get("recordingStatusCallbackMethod", "POST")
    for event in ("in-progress", "completed"):
        if event in _events(verb):
            tell_recording(walk, recording, url, method, event)


def _events(verb: Element) -> list[str]:
    return verb.get("recordingStatusCallbackEvent", "completed").split()


def _tell_silence(walk: Walk, verb: Element) -> None:
    """Nothing was said: `absent`, for who wants to know."""
    if "absent" in _events(verb):
        now = walk.line.exchange.now()
        nothing = Recording(new_sid("RE"), walk.call.account_sid, walk.call.sid, "", "RecordVerb", 0, now)
        url, method = verb.get("recordingStatusCallback", ""), verb.get("recordingStatusCallbackMethod", "POST")
        tell_recording(walk, nothing, url, method, "absent")


def _after(walk: Walk, verb: Element, recording: Recording) -> Goto | None:
    ended_by_key = walk.caller.keys[:1] and walk.caller.keys[0] in verb.get("finishOnKey", "1234567890*#")
    key, walk.caller.keys = (
        (walk.caller.keys[0], walk.caller.keys[1:]) if ended_by_key else ("hangup", walk.caller.keys)
    )
    told = _about(recording) | {"Digits": key}
    goto = walk.goto(verb, told) or Goto(walk.url, verb.get("method", "POST"), told)
    if ended_by_key:
        return goto
    walk.note("the caller hangs up")
    # Twilio asks for the action all the same, and has nobody to play it to
    walk.line.postman.ask(walk.call.account_sid, goto.url, goto.method, walk.about(goto.told))
    raise HungUp


def _transcribe(walk: Walk, verb: Element, recording: Recording) -> None:
    url = verb.get("transcribeCallback", "")
    if url or flag(verb, "transcribe"):
        sid = new_sid("TR")
        words = {"TranscriptionText": recording.says} if SHORTEST < recording.seconds < LONGEST else {}
        told = _about(recording) | words
        told |= {
            "TranscriptionSid": sid,
            "TranscriptionStatus": "completed" if words else "failed",
            "TranscriptionType": "fast",
            "TranscriptionUrl": f"{recording_url(recording)}/Transcriptions/{sid}",
        }
        walk.line.tell(walk.call, walk.absolute(url), "POST", told)


def _about(recording: Recording) -> dict[str, str]:
    return {
        "RecordingSid": recording.sid,
        "RecordingUrl": recording_url(recording),
        "RecordingDuration": str(recording.seconds),
    }
