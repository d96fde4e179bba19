"""Settings of a line's inbox: assigning in turn, and the automatic answer after hours."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from service.accounts.access import lines_for
from service.accounts.change_log import Action, differences, note
from service.errors import Invalid
from service.inbox.after_hours import standard_words
from service.inbox.handling import settings_of
from service.inbox.shared import InboxSettings
from service.lines.models import Line
from service.web.inbox.forms import InboxSettingsForm
from service.web.shell.context import member, member_in_charge, person, services
from service.web.shell.form import Form
from service.web.shell.scoped import my_line

blueprint = Blueprint("inbox_settings", __name__, url_prefix="/lines/<int:line_id>/inbox")

Answer = str | Response | tuple[str, int]


@blueprint.get("")
def show(line_id: int) -> str:
    """The page of a line's inbox settings."""
    with services().sessions.begin() as session:
        line = my_line(session, line_id)
        return _page(session, line, Form(InboxSettingsForm(), kept=_kept(settings_of(session, line.id))))


@blueprint.post("")
def change(line_id: int) -> Answer:
    """Save a line's inbox settings. Raises `Forbidden` unless the person is an owner or admin."""
    form = Form(InboxSettingsForm(), request.form)
    with services().sessions.begin() as session:
        member_in_charge(session)
        line = my_line(session, line_id)
        session.refresh(line, with_for_update=True)  # simultaneous changes are made one after the other
        settings = settings_of(session, line.id)
        try:
            form_data = form.data()
            form.must_be_based_on(_kept(settings), told=("after_hours_text",))
        except Invalid as refusal:
            return _page(session, line, form.refused(refusal)), 422
        before = {name: getattr(settings, name) for name in form_data}
        for name, value in form_data.items():
            setattr(settings, name, value)
        note(
            session,
            workspace_id=line.workspace_id,
            user_id=person().id,
            action=Action.AUTOMATIC_ANSWER_CHANGED,
            subject=line.name,
            details=differences(before, form_data),
        )
    flash(gettext("Saved."))
    return redirect(url_for("inbox_settings.show", line_id=line_id))


def _kept(settings: InboxSettings) -> dict[str, Any]:
    return {name: getattr(settings, name) for name in ("in_turn", "after_hours", "after_hours_text")}


def _page(session: Session, line: Line, form: Form) -> str:
    here = member(session)
    usual = standard_words(line.language, here.workspace.name)
    return render_template("inbox/settings.html", line=line, lines=lines_for(session, here), form=form, usual=usual)
