"""Removing a line that has no number, and bringing it back."""

from flask import Blueprint, flash, redirect, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from service.accounts.change_log import Action, note
from service.cutover.removing_lines import remove_line, restore_line
from service.errors import Conflict
from service.web.shell.context import member_in_charge, services
from service.web.shell.scoped import my_line

blueprint = Blueprint("removal", __name__, url_prefix="/lines/<int:line_id>")


@blueprint.post("/remove")
def remove(line_id: int) -> Response:
    """Remove a line, or say what is still on it or comes to it."""
    try:
        _change(line_id, Action.LINE_REMOVED)
    except Conflict as refusal:
        flash(gettext(str(refusal)), "wrong")
        return redirect(url_for("line.show", line_id=line_id))
    flash(gettext("The line is removed. Its conversations stay in the inbox."))
    return redirect(url_for("numbers.listing", _anchor="removed"))


@blueprint.post("/restore")
def restore(line_id: int) -> Response:
    """Bring a removed line back."""
    _change(line_id, Action.LINE_RESTORED)
    flash(gettext("The line is back."))
    return redirect(url_for("line.show", line_id=line_id))


def _change(line_id: int, action: Action) -> None:
    with services().sessions.begin() as session:
        changer, line = member_in_charge(session), my_line(session, line_id)
        if action is Action.LINE_REMOVED:
            remove_line(session, line)
        else:
            restore_line(line)
        note(session, workspace_id=line.workspace_id, user_id=changer.user_id, action=action, subject=line.name)
