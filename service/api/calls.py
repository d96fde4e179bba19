"""Calls, their recordings, and the voicemails that callers left."""

from typing import Any, Final

from marshmallow import fields

from service.accounts.access import line_for, lines_read_by
from service.accounts.api_keys import Scope
from service.api.files import StoredFile
from service.api.operations import Area, Caller
from service.api.paging import PageQuery, page_of, read, written
from service.api.values import Answer, identity, moment
from service.calls.log import CallView, call_log
from service.inbox.access import call_for, piece_for
from service.inbox.models import Call

area = Area("calls", __name__, description="Calls, their recordings, and voicemails.")


class PieceAnswer(Answer):
    """What was recorded of a call after its first recording: after a hold, or with someone else."""

    id = fields.Integer()
    seconds = fields.Integer()


_ANNOUNCED_FOR: Final = (
    "Why the other person heard that the call is recorded: `always`, as the line always says so; `unknown`, as it is "
    "not known where one side is; or the place whose law asks for it, such as `US-CA`. `not-asked`: they did not hear "
    "it, as no law asks for it. Empty for a call that was not recorded."
)


class CallAnswer(Answer):
    """A call. `transcript` is what was said in its voicemail, as far as it was written down."""

    id = fields.Integer()
    conversation_id = fields.Integer()
    direction = fields.String(metadata={"description": "`in` or `out`."})
    our_number = fields.String(attribute="number")
    their_number = fields.String(attribute="conversation.contact.number")
    outcome = fields.String(metadata={"description": "`ringing`, `missed`, `voicemail`, `answered` or `blocked`."})
    seconds = fields.Integer()
    at = moment()
    answered_at = moment()
    voicemail_seconds = fields.Integer()
    transcript = fields.String()
    announced_for = fields.String(metadata={"description": _ANNOUNCED_FOR})
    recording_seconds = fields.Integer(metadata={"description": "0 if it was not recorded."})
    further_recordings = fields.List(fields.Nested(PieceAnswer), attribute="pieces")


class CallQuery(PageQuery):
    """Which calls."""

    view = fields.Enum(CallView, by_value=True, load_default=CallView.ALL)
    line_id = identity(about="Those of one line.", strict=False)


@area.operation("GET", "/calls", page_of(CallAnswer, "CallPage"), scope=Scope.CALLS_READ, query=CallQuery)
def listing(caller: Caller, query: dict[str, Any]) -> dict[str, Any]:
    """List calls, the latest first."""
    session, member, line_id = caller.session, caller.member, query["line_id"]
    lines = [line_for(session, member, line_id)] if line_id else lines_read_by(session, member)
    log = call_log(session, member, lines, query["view"], read(query["cursor"]), most=query["limit"])
    return {"data": [row.call for row in log.rows], "next_cursor": written(log.older)}


@area.operation("GET", "/calls/<int:call_id>", CallAnswer, scope=Scope.CALLS_READ, tagged=True)
def show(caller: Caller, call_id: int) -> Call:
    """Get a call."""
    return call_for(caller.session, caller.member, call_id)


@area.operation("GET", "/calls/<int:call_id>/voicemail", scope=Scope.CALLS_READ, file="audio/*")
def voicemail(caller: Caller, call_id: int) -> StoredFile:
    """Get the sound of a call's voicemail. It stays new for the team."""
    call = call_for(caller.session, caller.member, call_id)
    return StoredFile(call.voicemail_media, call.voicemail_type)


@area.operation("GET", "/calls/<int:call_id>/recording", scope=Scope.CALLS_READ, file="audio/*")
def recording(caller: Caller, call_id: int) -> StoredFile:
    """Get the recording of a call, or the first piece of it."""
    call = call_for(caller.session, caller.member, call_id)
    return StoredFile(call.recording_media, call.recording_type)


@area.operation("GET", "/further-recordings/<int:piece_id>", scope=Scope.CALLS_READ, file="audio/*")
def further_recording(caller: Caller, piece_id: int) -> StoredFile:
    """Get a further piece of the recording of a call."""
    piece = piece_for(caller.session, caller.member, piece_id)
    return StoredFile(piece.media, piece.media_type)
