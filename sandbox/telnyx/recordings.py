"""Recordings: as TeXML lists them, as `/recordings` does with fresh links, and the sound behind a link."""

from datetime import timedelta

from flask import Blueprint, Response, abort, request

from sandbox.calls.records import Call, Recording
from sandbox.current import asking, the_world
from sandbox.sample_media import silence
from sandbox.telnyx.auth import guarded
from sandbox.telnyx.bodies import json_object, texts, words
from sandbox.telnyx.calls import own_call
from sandbox.telnyx.dates import iso
from sandbox.telnyx.errors import Denied, Json, invalid, not_found
from sandbox.telnyx.paging import known_filters, page, texml_page
from sandbox.telnyx.recording_links import FOLDER, HOST, is_good, link

recordings = guarded("recordings")
sound = Blueprint("telnyx_sound", __name__, url_prefix=f"/{HOST}/{FOLDER}")
PAUSES = {"paused": True, "in-progress": False}
FILTERS = ("call_session_id", "call_leg_id", "from", "to", "created_at.gte", "created_at.lte")


@sound.get("/<sid>.<any(mp3, wav):kind>")
def content(sid: str, kind: str) -> Response:
    """Return silence of the recording's length, always as WAV. A link that is no longer good is a 403."""
    world, query = the_world(), request.args
    recording = world.state.recordings.get(sid)
    signed = query.get("X-Amz-Date", ""), query.get("X-Amz-Signature", "")
    if recording is None or not is_good(sid, *signed, world.exchange.now()):
        abort(403)
    return Response(silence(recording.seconds), mimetype="audio/mpeg" if kind == "mp3" else "audio/x-wav")


@recordings.get("/recordings")
def fetch_list() -> Json:
    """List all recordings, newest first."""
    wanted = known_filters(*FILTERS)
    return page([each for each in _own()[::-1] if _fits(each, wanted)], _resource)


@recordings.get("/recordings/<sid>")
def fetch(sid: str) -> Json:
    """Fetch one recording, with links that are good from now on."""
    return {"data": _resource(_found(sid))}


@recordings.delete("/recordings/<sid>")
def delete(sid: str) -> Json:
    """Delete a recording: 200 with what it was."""
    recording = _found(sid)
    _forget(recording)
    return {"data": _resource(recording)}


@recordings.post("/recordings/actions/delete")
def delete_many() -> tuple[str, int]:
    """Delete recordings: 204."""
    for recording in [_found(sid) for sid in texts(json_object(["ids"], ["ids"]), "ids")]:
        _forget(recording)
    return "", 204


@recordings.get("/texml/Accounts/<account>/Recordings.json")
def fetch_texml_list(account: str) -> Json:
    """List all recordings of the account, newest first."""
    rows = [each for each in _own()[::-1] if each.account_sid == account]
    return texml_page("recordings", rows, _texml_resource)


@recordings.get("/texml/Accounts/<account>/Recordings/<sid>.json")
def fetch_texml(account: str, sid: str) -> Json:
    """Fetch one recording."""
    recording = _found(sid)
    if recording.account_sid != account:
        raise not_found()
    return _texml_resource(recording)


@recordings.get("/texml/Accounts/<account>/Calls/<call_sid>/Recordings.json")
def fetch_of_call(account: str, call_sid: str) -> Json:
    """List the recordings of a call, one that is under way too. Those of rooms are listed with these."""
    call = own_call(account, call_sid)
    under_way = the_world().calls.under_way.recording(call)
    kept = [the_world().state.recordings[sid] for sid in call.recordings if sid in the_world().state.recordings]
    rows = [each for each in kept if not each.conference]
    return texml_page("recordings", [*rows, *([under_way] if under_way else [])], _texml_resource)


@recordings.get("/texml/Accounts/<account>/Conferences/<sid>/Recordings.json")
@recordings.get("/texml/Accounts/<account>/Conferences/<sid>/Recordings", endpoint="fetch_of_conference_too")
def fetch_of_conference(account: str, sid: str) -> Json:
    """List what was recorded of a room. None of it can be paused or stopped."""
    room = the_world().state.conferences.get(sid)
    if room is None or account != room.account_sid or account != asking().sid:
        raise not_found()
    return texml_page("recordings", [each for each in _own() if each.conference == sid], _room_resource)


@recordings.post("/texml/Accounts/<account>/Calls/<call_sid>/Recordings/<sid>.json")
def update(account: str, call_sid: str, sid: str) -> Json:
    """Pause a recording under way (`Status=paused`), or go on with it (`in-progress`); 404 if it is not."""
    call, under_way = own_call(account, call_sid), the_world().calls.under_way
    status, recording = words(["Status"], ["Status"])["Status"], under_way.recording(call)
    if status not in PAUSES:
        raise Denied(invalid("Status", "Status is paused or in-progress."))
    if recording is None or recording.sid != sid:
        raise not_found()
    under_way.pause_recording(call, paused=PAUSES[status])
    described = _texml_resource(recording)
    kept = ("account_sid", "call_sid", "channels", "date_created", "date_updated", "start_time", "sid", "source", "uri")
    return {name: described[name] for name in kept} | {"track": "both"}


def _own() -> list[Recording]:
    rows = the_world().state.recordings.values()
    return [each for each in rows if each.account_sid == asking().sid]


def _found(sid: str) -> Recording:
    recording = the_world().state.recordings.get(sid)
    if recording is None or recording.account_sid != asking().sid:
        raise not_found()
    return recording


def _forget(recording: Recording) -> None:
    with the_world().exchange.changing() as state:
        del state.recordings[recording.sid]


def _fits(recording: Recording, wanted: dict[str, str]) -> bool:
    call, made = _call(recording), iso(recording.created) or ""
    return (
        wanted.get("call_session_id", recording.call_sid) == recording.call_sid
        and wanted.get("call_leg_id", recording.call_sid) == recording.call_sid
        and wanted.get("from", call.from_) == call.from_
        and wanted.get("to", call.to) == call.to
        and wanted.get("created_at.gte", made) <= made <= wanted.get("created_at.lte", made)
    )


def _call(recording: Recording) -> Call:
    return the_world().state.calls[recording.call_sid]


def _resource(recording: Recording) -> Json:
    now = the_world().exchange.now()
    return {
        "id": recording.sid,
        "record_type": "recording",
        "call_control_id": recording.call_sid,
        "call_leg_id": recording.call_sid,
        "call_session_id": recording.call_sid,
        "channels": "dual" if recording.channels > 1 else "single",
        "download_urls": {kind: link(recording.sid, now, kind) for kind in ("mp3", "wav")},
        "duration_millis": recording.seconds * 1000,
        "source": "call",
        "status": "completed",
        "recording_started_at": iso(recording.created - timedelta(seconds=recording.seconds)),
        "recording_ended_at": iso(recording.created),
        "created_at": iso(recording.created),
        "updated_at": iso(recording.created),
    }


def _room_resource(recording: Recording) -> Json:
    """As those of calls, but for its length, which is a number here."""
    described = _texml_resource(recording)
    del described["error_code"], described["subresources_uris"]
    return described | {"duration": recording.seconds, "subresource_uris": {"transcriptions": None}}


def _texml_resource(recording: Recording) -> Json:
    made, over = iso(recording.created), recording.sid in the_world().state.recordings
    return {
        "sid": recording.sid,
        "account_sid": recording.account_sid,
        "call_sid": recording.call_sid,
        "conference_sid": recording.conference or None,
        "channels": recording.channels,
        "duration": str(recording.seconds) if over else None,
        "source": recording.source,
        "status": "completed" if over else "in-progress",
        "error_code": None,
        "start_time": made,
        "date_created": made,
        "date_updated": made,
        "subresources_uris": {"transcriptions": None},
        "uri": f"/v2/texml/Accounts/{recording.account_sid}/Recordings/{recording.sid}.json",
        "media_url": link(recording.sid, the_world().exchange.now()),
    }
