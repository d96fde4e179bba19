"""Saved replies, which every member may change and use in any conversation."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from service.accounts.change_log import Action, differences
from service.accounts.change_log import note as log
from service.errors import Invalid
from service.inbox.saved_replies import VARIABLES, save, saved_replies, saved_reply
from service.inbox.shared import SavedReply
from service.quotas import Quota
from service.web.inbox.forms import SavedReplyForm
from service.web.shell.context import member, person, services
from service.web.shell.form import Form
from service.web.shell.room import require_room

blueprint = Blueprint("replies", __name__, url_prefix="/inbox/replies")

Answer = str | Response | tuple[str, int]


@blueprint.get("/")
def listing() -> str:
    """The page of saved replies, with a form for a new one."""
    return _page(Form(SavedReplyForm()))


@blueprint.post("/")
def add() -> Answer:
    """Add a saved reply."""
    form = Form(SavedReplyForm(), request.form)
    try:
        _keep(form, None)
    except Invalid as refusal:
        return _page(form.refused(refusal)), 422
    return redirect(url_for("replies.listing"))


@blueprint.get("/<int:reply_id>")
def show(reply_id: int) -> str:
    """The page that changes a saved reply."""
    with services().sessions.begin() as session:
        reply = saved_reply(session, member(session).workspace_id, reply_id)
    return _page(Form(SavedReplyForm(), kept=_kept(reply)), reply)


@blueprint.post("/<int:reply_id>")
def change(reply_id: int) -> Answer:
    """Change or delete a saved reply."""
    form = Form(SavedReplyForm(), request.form)
    try:
        _keep(form, reply_id)
    except Invalid as refusal:
        with services().sessions.begin() as session:
            reply = saved_reply(session, member(session).workspace_id, reply_id)
        return _page(form.refused(refusal), reply), 422
    return redirect(url_for("replies.listing"))


def _kept(reply: SavedReply) -> dict[str, str | None]:
    return {"title": reply.title, "text": reply.text}


def _keep(form: Form, reply_id: int | None) -> None:
    with services().sessions.begin() as session:
        here = member(session).workspace_id
        reply = SavedReply(workspace_id=here) if reply_id is None else saved_reply(session, here, reply_id)
        before: dict[str, str | None] = _kept(reply)
        after: dict[str, str | None] = dict.fromkeys(before)
        if "drop" in request.form:
            session.delete(reply)
            flash(gettext("Taken away."))
        else:
            form_data = form.data()
            if reply_id is None:
                require_room(session, Quota.SAVED_REPLIES, field="title")
            else:
                form.must_be_based_on(_kept(reply), told=("title", "text"))
            save(session, reply, form_data["title"], form_data["text"])
            after = _kept(reply)
            flash(gettext("Saved. It is there in every conversation."))
        log(
            session,
            workspace_id=here,
            user_id=person().id,
            action=Action.SAVED_REPLY_CHANGED,
            subject=reply.title,
            details=differences(before, after),
        )


def _page(form: Form, reply: SavedReply | None = None) -> str:
    with services().sessions.begin() as session:
        replies = saved_replies(session, member(session).workspace_id)
        variables = [f"{{{word}}}" for word in VARIABLES]
        return render_template("inbox/saved_replies.html", form=form, reply=reply, replies=replies, variables=variables)
