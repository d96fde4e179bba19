"""Importing conversations from another service: sending a file, seeing how far it is, and undoing it."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from service.accounts.access import lines_for, usual_line
from service.errors import Invalid
from service.history import sending
from service.history.files import LARGEST
from service.web.inbox.forms import HistoryForm
from service.web.shell.context import member, services
from service.web.shell.form import Form
from service.web.shell.security import limiter, workspace_here

blueprint = Blueprint("history", __name__, url_prefix="/inbox/import")

Answer = str | Response | tuple[str, int]

_OTHER_FIELDS = 64 * 1024


@blueprint.url_value_preprocessor
def _let_files_in(endpoint: str | None, _: Mapping[str, Any] | None) -> None:
    """Allow larger uploads here. Flask checks the size as it reads the form, which is later than this."""
    if endpoint == "history.send":
        request.max_content_length = LARGEST + _OTHER_FIELDS


@blueprint.get("")
def show() -> str:
    """The page that asks for a file, and lists what was made of earlier ones."""
    with services().sessions.begin() as session:
        return _page(session, Form(HistoryForm()))


@blueprint.get("/progress")
def progress() -> str:
    """The list again, while something of it is under way."""
    with services().sessions.begin() as session:
        return render_template("inbox/_imports.html", imports=sending.sent_files(session, member(session)))


@blueprint.post("")
@limiter.limit("20/hour", key_func=workspace_here)
def send() -> Answer:
    """Keep a file and have it read."""
    form = Form(HistoryForm(), request.form)
    try:
        _send(form)
    except Invalid as refusal:
        with services().sessions.begin() as session:
            return _page(session, form.refused(refusal)), 422
    return redirect(url_for("history.show"))


@blueprint.post("/<int:import_id>/undo")
def undo(import_id: int) -> Response:
    """Take out again what a file brought."""
    with services().sessions.begin() as session:
        sending.undo(session, member(session), import_id)
    flash(gettext("We’re taking these conversations out again."))
    return redirect(url_for("history.show"))


def _send(form: Form) -> None:
    """Store the file first, then its row. Raises `Invalid`."""
    line_id, sent = form.data()["line"], request.files.get("file")
    content = sent.read() if sent else b""
    if not sent or not content:
        raise Invalid({"file": ["Choose a file."]})
    with services().sessions.begin() as session:
        if line_id is None:
            usual = usual_line(lines_for(session, member(session)), member(session))
            line_id = usual.id if usual else 0
        sending.must_be_free(session, member(session), line_id)
    media = services().media.put(content, "application/octet-stream")
    with services().sessions.begin() as session:
        sending.send(session, member(session), line_id, sent.filename or "", media)


def _page(session: Session, form: Form) -> str:
    me = member(session)
    lines = lines_for(session, me)
    usual = usual_line(lines, me)
    choices = [(str(line.id), line.name) for line in lines]
    return render_template(
        "inbox/history.html", form=form, choices=choices, usual=usual, imports=sending.sent_files(session, me)
    )
