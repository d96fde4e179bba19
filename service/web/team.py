"""The team: who belongs to the workspace, what each may do, and who is on duty."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from service.accounts.members import team_of
from service.accounts.models import IN_CHARGE
from service.web.given import member, services

blueprint = Blueprint("team", __name__, url_prefix="/team")


@blueprint.get("/")
def show() -> str:
    """Everybody in the workspace."""
    with services().sessions.begin() as session:
        mine = member(session)
        return render_template(
            "team.html", mine=mine, team=team_of(session, mine.workspace_id), in_charge=mine.role in IN_CHARGE
        )


@blueprint.post("/duty")
def duty() -> Response:
    """Go on duty or off it: those on duty are given new conversations in turn."""
    with services().sessions.begin() as session:
        mine = member(session)
        mine.on_duty = request.form.get("on_duty") == "true"
        on_duty = mine.on_duty
    flash(gettext("You are on duty.") if on_duty else gettext("You are off duty. Nothing new is given to you."))
    return redirect(url_for("team.show"))
