"""The page on which the owner lets our staff look into the workspace, ends that, and reads what they saw."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from service.accounts.models import Member, Membership
from service.accounts.support import HOURS, end_support, grant_support, views_of
from service.errors import Forbidden
from service.web.shell.context import member, services
from service.web.shell.form import Form
from service.web.team.forms import SupportForm

blueprint = Blueprint("support", __name__, url_prefix="/settings/support")


@blueprint.get("/")
def show() -> str:
    """Whether our staff may look, until when, and what they saw."""
    with services().sessions.begin() as session:
        seen = views_of(session, _owner(session).workspace_id)
        form = Form(SupportForm(), kept={"hours": HOURS[0]})
        return render_template("team/support.html", form=form, hours=HOURS, seen=seen)


@blueprint.post("/")
def begin() -> Response:
    """Let our staff look for the hours that were chosen. Raises `Invalid` for others."""
    with services().sessions.begin() as session:
        grant_support(session, _owner(session), Form(SupportForm(), request.form).data()["hours"])
    flash(gettext("Support can look into your workspace now."))
    return redirect(url_for("support.show"))


@blueprint.post("/end")
def end() -> Response:
    """End it at once."""
    with services().sessions.begin() as session:
        end_support(session, _owner(session))
    flash(gettext("Support can’t look into your workspace anymore."))
    return redirect(url_for("support.show"))


def _owner(session: Session) -> Member:
    mine = member(session)
    if mine.role is not Membership.OWNER:
        raise Forbidden("Only the owner can do that.")
    return mine
