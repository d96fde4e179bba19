"""Our copies of pictures, voicemail and recordings, for the team and for the carrier that sends a picture."""

from flask import Blueprint, make_response, request
from werkzeug.wrappers import Response

from service.errors import NotFound
from service.inbox.attachments import file_name
from service.inbox.media_links import followed
from service.inbox.models import Call
from service.inbox.pictures import THUMBNAIL_TYPE
from service.inbox.reading import see_voicemails
from service.web.shell.context import services
from service.web.shell.scoped import my_call, my_picture, my_piece
from service.web.shell.security import sandboxed

blueprint = Blueprint("attachments", __name__)


@blueprint.get("/inbox/pictures/<int:picture_id>")
def picture(picture_id: int) -> Response:
    """A picture, from our own copy."""
    with services().sessions.begin() as session:
        found = my_picture(session, picture_id)
    return _private(services().media.get(found.media if found.thumbnail else ""), found.media_type)


@blueprint.get("/inbox/pictures/<int:picture_id>/small")
def thumbnail(picture_id: int) -> Response:
    """A picture's thumbnail, as conversations show it."""
    with services().sessions.begin() as session:
        found = my_picture(session, picture_id)
    return _private(services().media.get(found.thumbnail), THUMBNAIL_TYPE)


@blueprint.get("/inbox/files/<int:picture_id>")
def file(picture_id: int) -> Response:
    """Download a file that came with a text and cannot be shown, under a name of ours."""
    with services().sessions.begin() as session:
        found = my_picture(session, picture_id)
    answer = _private(services().media.get(found.media), found.media_type)
    answer.headers["Content-Disposition"] = f'attachment; filename="{file_name(found)}"'
    return answer


@blueprint.get("/inbox/voicemails/<int:call_id>")
def voicemail(call_id: int) -> Response:
    """A voicemail, from our own copy. Fetching it, which players do when it is played, notes that it is not new."""
    with services().sessions.begin() as session:
        call = my_call(session, call_id)
        see_voicemails(session, Call.id == call_id)
    return _private(services().media.get(call.voicemail_media), call.voicemail_type)


@blueprint.get("/inbox/recordings/<int:call_id>")
def recording(call_id: int) -> Response:
    """A call's recording, from our own copy."""
    with services().sessions.begin() as session:
        call = my_call(session, call_id)
    return _private(services().media.get(call.recording_media), call.recording_type)


@blueprint.get("/inbox/recordings/pieces/<int:piece_id>")
def piece(piece_id: int) -> Response:
    """A further piece of a call's recording, from our own copy."""
    with services().sessions.begin() as session:
        found = my_piece(session, piece_id)
    return _private(services().media.get(found.media), found.media_type)


@blueprint.get("/media/<token>")
def for_carrier(token: str) -> Response:
    """A picture of an outgoing message. Its signed address needs no sign-in and works for a day."""
    linked = followed(services().settings, token)
    return _private(services().media.get(linked.media), linked.media_type)


def _private(content: bytes | None, media_type: str) -> Response:
    """Answer with media that only the person's browser may cache. Raises `NotFound` until our copy is fetched."""
    if not content:
        raise NotFound("This has not arrived yet.")
    answer = make_response(content)
    answer.headers["Content-Type"] = media_type
    answer.headers["Cache-Control"] = "private, max-age=86400"
    # browsers move within a sound only if they may ask for parts of it
    return sandboxed(answer.make_conditional(request, accept_ranges=True, complete_length=len(content)))
