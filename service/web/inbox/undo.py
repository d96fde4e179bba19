"""The offer to undo what was just done with conversations, and the button that takes it."""

from dataclasses import asdict
from typing import Final

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext
from itsdangerous import BadSignature, URLSafeSerializer
from werkzeug.wrappers import Response

from service.errors import Invalid
from service.inbox.undoing import Changed, Undo, take_back
from service.signing import signer
from service.web.shell.context import person, services
from service.web.shell.scoped import my_conversations

blueprint = Blueprint("undo", __name__, url_prefix="/inbox/undo")

MOST: Final = 100
"""Conversations for which a change can be undone: what undoes it has room in a cookie until the next page is shown."""


def flash_undo(words: str, undo: Undo) -> None:
    """Say on the next page what was done, with a button that undoes it."""
    if len(undo.conversation_ids) > MOST:
        flash(words)
    else:
        token = _signer().dumps([person().id, asdict(undo)])
        flash({"words": words, "undo": token}, "undo")  # type: ignore[arg-type] # Flask keeps whatever JSON has


@blueprint.post("")
def act() -> Response:
    """Undo what the button names. Of one conversation its page follows, of several the inbox."""
    undo = _read(request.form.get("undo", ""))
    try:
        with services().sessions.begin() as session:
            undone = take_back(session, undo, my_conversations(session, undo.conversation_ids)) if undo else 0
    except Invalid:
        undone = 0
    if undone:
        flash(gettext("Undone."))
    else:
        flash(gettext("That can’t be undone anymore, because something else has happened since."), "wrong")
    ids = undo.conversation_ids if undo else []
    return redirect(url_for("inbox.read", conversation_id=ids[0]) if len(ids) == 1 else url_for("inbox.show"))


def _read(token: str) -> Undo | None:
    """What a button undoes, unless it is another person's or was tampered with."""
    try:
        of, values = _signer().loads(token)
    except BadSignature:
        return None
    return Undo(Changed(values["changed"]), values["value"], values["before"]) if of == person().id else None


def _signer() -> URLSafeSerializer:
    return signer(services().settings.secret_keys, "undo in the inbox")
