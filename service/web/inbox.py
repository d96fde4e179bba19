"""The shared inbox: conversations, what was written and rung, and replies."""

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from service.accounts.access import lines_for
from service.errors import Invalid, NotFound
from service.inbox.pictures import THUMBNAIL_TYPE
from service.inbox.threads import conversations, mark_read, thread, write
from service.lines.inventory import outgoing_number
from service.web.filling import Form
from service.web.forms import ReplyForm
from service.web.given import member, person, services
from service.web.glimpses import glimpses
from service.web.mine import my_call, my_conversation, my_picture

blueprint = Blueprint("inbox", __name__, url_prefix="/inbox")

Answer = str | Response | tuple[str, int]


@blueprint.get("/")
def show() -> str:
    """All conversations, the latest first."""
    with services().sessions.begin() as session:
        return render_template("inbox.html", **_listed(session))


@blueprint.get("/list")
def latest() -> str:
    """The list alone, for a page that keeps itself up to date."""
    with services().sessions.begin() as session:
        return render_template("_conversations.html", **_listed(session))


@blueprint.get("/<int:conversation_id>")
def read(conversation_id: int) -> str:
    """One conversation; opening it marks it as read."""
    return _page(conversation_id, Form(ReplyForm()))


@blueprint.get("/<int:conversation_id>/entries")
def entries(conversation_id: int) -> str:
    """What was written and rung, for a page that keeps itself up to date."""
    with services().sessions.begin() as session:
        conversation = my_conversation(session, conversation_id)
        mark_read(session, conversation)
        return render_template("_thread.html", conversation=conversation, entries=thread(session, conversation))


@blueprint.post("/<int:conversation_id>")
def reply(conversation_id: int) -> Answer:
    """Write back."""
    form = Form(ReplyForm(), request.form)
    try:
        with services().sessions.begin() as session:
            write(session, my_conversation(session, conversation_id), form.given()["text"], person().id)
    except Invalid as refusal:
        return _page(conversation_id, form.refused(refusal)), 422
    return redirect(url_for("inbox.read", conversation_id=conversation_id, _anchor="latest"))


@blueprint.get("/pictures/<int:picture_id>")
def picture(picture_id: int) -> Response:
    """Our own copy of a picture, never a link to the carrier's."""
    with services().sessions.begin() as session:
        found = my_picture(session, picture_id)
    return _private(services().media.get(found.media), found.media_type)


@blueprint.get("/pictures/<int:picture_id>/small")
def thumbnail(picture_id: int) -> Response:
    """A small version of it, as it stands in a conversation."""
    with services().sessions.begin() as session:
        found = my_picture(session, picture_id)
    return _private(services().media.get(found.thumbnail), THUMBNAIL_TYPE)


@blueprint.get("/voicemails/<int:call_id>")
def voicemail(call_id: int) -> Response:
    """Our own copy of what a caller said."""
    with services().sessions.begin() as session:
        call = my_call(session, call_id)
        return _private(call.voicemail, call.voicemail_type)


def _private(content: bytes | None, media_type: str) -> Response:
    """For the person who asked alone. Raises `NotFound` while the carrier's copy has not been fetched."""
    if not content:
        raise NotFound("This has not arrived yet.")
    answer = make_response(content)
    answer.headers["Content-Type"] = media_type
    answer.headers["Cache-Control"] = "private, max-age=86400"
    return answer


def _page(conversation_id: int, form: Form) -> str:
    with services().sessions.begin() as session:
        conversation = my_conversation(session, conversation_id)
        mark_read(session, conversation)
        return render_template(
            "conversation.html",
            conversation=conversation,
            entries=thread(session, conversation),
            sender=outgoing_number(session, conversation.line_id),
            form=form,
        )


def _listed(session: Session) -> dict[str, object]:
    lines = lines_for(session, member(session))
    found = conversations(session, [line.id for line in lines])
    return {"conversations": found, "glimpses": glimpses(session, found)}
