"""The Record verb, and the callbacks about anything recorded. https://www.twilio.com/docs/voice/twiml/record."""

from xml.etree.ElementTree import Element

from sandbox.calls.line import Goto, flag, recording_url
from sandbox.calls.walk import HungUp, Walk
from sandbox.records import Recording, new_sid


def record(walk: Walk, verb: Element) -> Goto | None:
    """The caller speaks after the beep and hangs up, unless he ends with a key. Silence: on to the next verb."""
    if flag(verb, "playBeep", "true"):
        walk.note("beep")
    if not walk.caller.says:
        walk.note("nobody speaks", int(verb.get("timeout", "5")))
        return None
    recording = walk.line.record(walk.call, walk.caller.says, "RecordVerb")
    walk.note(f"records “{walk.caller.says}”", recording.seconds)
    walk.caller.says = ""
    tell_recording(walk, verb, recording)
    _transcribe(walk, verb, recording)
    return _after(walk, verb, recording)


def tell_recording(walk: Walk, verb: Element, recording: Recording) -> None:
    """The recording's status callback."""
    url, method = verb.get("recordingStatusCallback", ""), verb.get("recordingStatusCallbackMethod", "POST")
    told = _about(recording) | {
        "RecordingStatus": "completed",
        "RecordingChannels": "1",
        "RecordingStartTime": f"{recording.created:%a, %d %b %Y %H:%M:%S +0000}",
        "RecordingSource": recording.source,
        "RecordingTrack": "both",
    }
    walk.line.tell(walk.call, walk.absolute(url), method, told)


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
        told = _about(recording) | {
            "TranscriptionSid": sid,
            "TranscriptionText": recording.says,
            "TranscriptionStatus": "completed",
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
