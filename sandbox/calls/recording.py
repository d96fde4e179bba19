"""The Record verb, and the callbacks about anything recorded. https://www.twilio.com/docs/voice/twiml/record."""

from xml.etree.ElementTree import Element

from sandbox.calls.conferences import latest_room, noun_of
from sandbox.calls.records import Recording, Stay
from sandbox.calls.switch import Goto, flag
from sandbox.calls.twiml_player import HungUp, TwimlPlayer

# seconds between which a recording is transcribed: https://www.twilio.com/docs/api/errors/13617
SHORTEST, LONGEST = 2, 120


def record(player: TwimlPlayer, verb: Element) -> Goto | None:
    """Record what the caller says until they hang up or press a key. Silence leads to the next verb."""
    if flag(verb, "playBeep", "true"):
        player.note("beep")
    if not player.caller.says:
        player.note("nobody speaks", int(verb.get("timeout", "5")))
        _notify_silence(player, verb)
        return None
    recording = player.switch.record(player.call, player.caller.says, "RecordVerb", player.dialect.channels(verb))
    player.note(f"records “{player.caller.says}”", recording.seconds)
    player.caller.says = ""
    notify_as_asked(player, verb, recording)
    _transcribe(player, verb, recording)
    return _after(player, verb, recording)


def is_recorded(verb: Element) -> bool:
    """Whether a Dial asks for its conversation to be recorded."""
    return verb.get("record", "do-not-record") not in {"do-not-record", "false"}


def record_talk(player: TwimlPlayer, verb: Element, stay: Stay | None = None) -> dict[str, str]:
    """Record the conversation if the Dial asks for it, and its room if that does; the action's parameters about it."""
    if stay and player.dialect.records_rooms:
        _record_room(player, stay)
    if not is_recorded(verb):
        return {}
    says = f"(a conversation{f', paused {stay.pauses} times' if stay and stay.pauses else ''})"
    channels = player.dialect.channels(verb)
    recording = player.switch.record(player.call, says, "DialVerb", channels, stay.recording if stay else "")
    player.note("the conversation is recorded")
    notify_as_asked(player, verb, recording)
    return {"RecordingUrl": player.dialect.recording_url(recording)}


def _record_room(player: TwimlPlayer, stay: Stay) -> None:
    """Record the room if the Conference asks for it. What of it was said meanwhile does not matter."""
    noun = noun_of(stay)
    if not is_recorded(noun):
        return
    recording = player.switch.record(player.call, "(a conversation)", "Conference", player.dialect.channels(noun))
    recording.conference = latest_room(player.switch, player.call, stay.name)
    player.note("the conversation is recorded")
    notify_as_asked(player, noun, recording)


def notify_recording(
    player: TwimlPlayer, recording: Recording, url: str, method: str = "POST", status: str = "completed"
) -> None:
    """Send the status callback of a recording; an empty URL sends nothing."""
    form = player.dialect.recording_status(player.call, recording, status)
    player.switch.post(player.call, player.absolute(url), method, form)


def notify_as_asked(player: TwimlPlayer, verb: Element, recording: Recording) -> None:
    """Send the recording callbacks that a Record or Dial asks for: `completed` by default, `in-progress` on request."""
    url, method = verb.get("recordingStatusCallback", ""), verb.get("recordingStatusCallbackMethod", "POST")
    for event in ("in-progress", "completed"):
        if event in _events(verb):
            notify_recording(player, recording, url, method, event)


def _events(verb: Element) -> list[str]:
    return verb.get("recordingStatusCallbackEvent", "completed").split()


def _notify_silence(player: TwimlPlayer, verb: Element) -> None:
    """Send `absent` if the verb asks for that event: nothing was recorded."""
    if "absent" in _events(verb):
        now = player.switch.exchange.now()
        sid = player.dialect.new_id("RE")
        nothing = Recording(sid, player.call.account_sid, player.call.sid, "", "RecordVerb", 0, now)
        url, method = verb.get("recordingStatusCallback", ""), verb.get("recordingStatusCallbackMethod", "POST")
        notify_recording(player, nothing, url, method, "absent")


def _after(player: TwimlPlayer, verb: Element, recording: Recording) -> Goto | None:
    ended_by_key = player.caller.keys[:1] and player.caller.keys[0] in verb.get("finishOnKey", "1234567890*#")
    key, player.caller.keys = (
        (player.caller.keys[0], player.caller.keys[1:]) if ended_by_key else ("hangup", player.caller.keys)
    )
    parameters = player.dialect.about_recording(recording) | {"Digits": key}
    goto = player.goto(verb, parameters) or Goto(player.url, verb.get("method", "POST"), parameters)
    if ended_by_key:
        return goto
    player.note("the caller hangs up")
    # the carrier still requests the action, although the caller no longer hears the answer
    player.ask(goto)
    raise HungUp


def _transcribe(player: TwimlPlayer, verb: Element, recording: Recording) -> None:
    url = player.dialect.transcript_goes_to(verb)
    if url is not None:
        words = recording.says if SHORTEST < recording.seconds < LONGEST else None
        form = player.dialect.transcript(player.call, recording, player.dialect.new_id("TR"), words)
        player.switch.post(player.call, player.absolute(url), "POST", form)
