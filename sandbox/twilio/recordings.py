"""`Recordings` of calls: their descriptions and their sound."""

from flask import Blueprint, Response, request

from sandbox.calls.records import Recording
from sandbox.current import asking, the_world
from sandbox.errors import Refusal
from sandbox.sample_media import silence
from sandbox.twilio.auth import guard
from sandbox.twilio.bodies import form
from sandbox.twilio.dates import rfc2822
from sandbox.twilio.errors import not_found
from sandbox.twilio.paging import Json, page_2010

UNDER_WAY = "Twilio.CURRENT"
CHANGES = {"paused", "in-progress"}
recordings = guard(Blueprint("recordings", __name__, url_prefix="/api.twilio.com/2010-04-01/Accounts/<account_sid>"))


@recordings.get("/Recordings.json")
def fetch_list() -> Json:
    """List all recordings, newest first, by `CallSid`."""
    wanted = request.args.get("CallSid")
    rows = [
        each
        for each in the_world().state.recordings.values()
        if each.account_sid == asking().sid and wanted in {None, each.call_sid}
    ]
    return page_2010("recordings", rows[::-1], _resource)


@recordings.post("/Calls/<call_sid>/Recordings/<sid>.json")
def update(call_sid: str, sid: str) -> Json:
    """Pause the recording under way of a call (`Twilio.CURRENT`), or go on with it. 404 where nothing is recorded."""
    call, status = the_world().state.calls.get(call_sid), form().get("Status", "")
    if status not in CHANGES:
        raise Refusal(20001, "Status must be paused or in-progress.")
    known = call if call and call.account_sid == asking().sid else None
    if known is None or (sid != UNDER_WAY and (known.stay is None or known.stay.recording != sid)):
        raise not_found()
    recording = the_world().calls.under_way.pause_recording(known, paused=status == "paused")
    if recording is None:
        raise not_found()
    return _resource(recording) | {"status": status, "duration": None}


@recordings.get("/Recordings/<sid>.json")
def fetch(sid: str) -> Json:
    """Fetch one recording."""
    return _resource(_own(sid))


@recordings.get("/Recordings/<sid>.wav")
@recordings.get("/Recordings/<sid>.mp3")
@recordings.get("/Recordings/<sid>")
def sound(sid: str) -> Response:
    """Return silence of the recording's length, always as WAV; players recognise it by its content."""
    return Response(silence(_own(sid).seconds), mimetype="audio/x-wav")


@recordings.delete("/Recordings/<sid>.json")
def delete(sid: str) -> tuple[str, int]:
    """Delete a recording: 204."""
    recording = _own(sid)
    with the_world().exchange.changing() as state:
        del state.recordings[recording.sid]
    return "", 204


def _own(sid: str) -> Recording:
    recording = the_world().state.recordings.get(sid)
    if recording is None or recording.account_sid != asking().sid:
        raise not_found()
    return recording


def _resource(recording: Recording) -> Json:
    uri = f"/2010-04-01/Accounts/{recording.account_sid}/Recordings/{recording.sid}"
    return {
        "sid": recording.sid,
        "account_sid": recording.account_sid,
        "call_sid": recording.call_sid,
        "conference_sid": None,
        "duration": str(recording.seconds),
        "status": "completed",
        "channels": recording.channels,
        "source": recording.source,
        "error_code": None,
        "price": None,
        "price_unit": "USD",
        "start_time": rfc2822(recording.created),
        "date_created": rfc2822(recording.created),
        "date_updated": rfc2822(recording.created),
        "api_version": "2010-04-01",
        "uri": f"{uri}.json",
        "media_url": f"https://api.twilio.com{uri}",
        "encryption_details": None,
        "subresource_uris": {"transcriptions": f"{uri}/Transcriptions.json"},
    }
