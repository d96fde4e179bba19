"""Joining a workspace by an invitation, and switching between workspaces."""

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext
from flask_security import current_user
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from service.accounts.code_mail import mail_new_code
from service.accounts.invitations import accept, invitation_of, known_or_new
from service.accounts.members import membership_in, memberships
from service.accounts.models import User
from service.calls.owners import find_owners
from service.web.shell.browsers import asked_by, sign_out
from service.web.shell.context import person, services
from service.web.shell.fields import local_path
from service.web.shell.requests import row_id
from service.web.shell.security import limiter

blueprint = Blueprint("join", __name__)


@blueprint.get("/join/<token>")
def show(token: str) -> str:
    """The page of an invitation, opened by its link."""
    with services().sessions.begin() as database:
        invitation = invitation_of(database, services(), token)
        return render_template("team/join.html", invitation=invitation, workspace=invitation.workspace)


@blueprint.post("/join/<token>")
@limiter.limit("30/hour")
def take(token: str) -> Response:
    """Join, if the invited person has signed in. Otherwise mail a code, which proves that the address is theirs."""
    with services().sessions.begin() as database:
        invitation = invitation_of(database, services(), token)
        if current_user.is_authenticated and person().email == invitation.email:
            session["workspace"] = accept(database, invitation, database.get_one(User, person().id)).workspace_id
            find_owners(database, invitation.workspace_id)
            return _welcome(invitation.workspace.name)
        mail_new_code(database, services(), known_or_new(database, invitation).id, asked_by())
        email = invitation.email
    sign_out()
    session["signing_in"] = session["sent_to"] = email
    session["joining"] = token
    return redirect(url_for("signin.enter"))


@blueprint.get("/workspaces")
def elsewhere() -> str:
    """The page that asks before another workspace is opened, to which a link in our mail leads."""
    with services().sessions.begin() as database:
        places = memberships(database, person().id)
        named = membership_in(places, request.args.get("to", type=row_id)).workspace
        return render_template("team/elsewhere.html", named=named, back=_wanted(request.args))


@blueprint.post("/workspaces")
def go_to() -> Response:
    """Switch to another workspace of the person. The id of a foreign one changes nothing."""
    session["workspace"] = request.form.get("workspace", type=row_id)
    return redirect(_wanted(request.form))


def _wanted(told: MultiDict[str, str]) -> str:
    """The page that was wanted in the other workspace."""
    return local_path(told.get("back") or url_for("home.show"))


def _welcome(workspace: str) -> Response:
    flash(gettext("Welcome to %(workspace)s.", workspace=workspace))
    return redirect(url_for("home.show"))
