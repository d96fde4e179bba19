"""Tags of a conversation: adding one and taking it off."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from service.errors import Invalid
from service.inbox.tags import add_tag, remove_tag
from service.web.inbox.forms import TagForm
from service.web.shell.context import member, services
from service.web.shell.form import Form
from service.web.shell.scoped import my_conversation
from service.web.shell.words import translated

blueprint = Blueprint("tags", __name__, url_prefix="/inbox/<int:conversation_id>/tags")


@blueprint.post("")
def add(conversation_id: int) -> Response:
    """Tag a conversation."""
    try:
        name = tag_name(Form(TagForm(), request.form).data())
        with services().sessions.begin() as session:
            add_tag(session, [my_conversation(session, conversation_id)], member(session).workspace_id, name)
    except Invalid as refusal:
        flash(translated(next(iter(refusal.fields.values()))[0]), "wrong")
    return redirect(url_for("inbox.read", conversation_id=conversation_id))


@blueprint.post("/<int:tag_id>/off")
def remove(conversation_id: int, tag_id: int) -> Response:
    """Take a tag off a conversation."""
    with services().sessions.begin() as session:
        remove_tag(session, my_conversation(session, conversation_id), tag_id)
    return redirect(url_for("inbox.read", conversation_id=conversation_id))


def tag_name(form_data: Mapping[str, Any]) -> str:
    """The tag that was chosen, or else typed."""
    return str(form_data["known_tag"] or form_data["new_tag"])
