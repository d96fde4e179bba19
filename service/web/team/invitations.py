"""Inviting people to a workspace."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from service.accounts.invitations import invite, revoke, send_again
from service.errors import Invalid
from service.quotas import Quota
from service.web.shell.context import member_in_charge, services
from service.web.shell.form import Form
from service.web.shell.requests import row_id
from service.web.shell.room import require_room
from service.web.shell.security import limiter
from service.web.team.forms import InvitationForm
from service.web.team.members import line_choices

blueprint = Blueprint("invitations", __name__, url_prefix="/team/invitations")

Answer = str | Response | tuple[str, int]


@blueprint.get("/")
def ask() -> str:
    """The page that invites a person."""
    return _page(Form(InvitationForm(), kept={"role": "member"}))


@blueprint.post("/")
@limiter.limit("60/hour;200/day")
def send() -> Answer:
    """Invite a person. The e-mail is sent at once."""
    form = Form(InvitationForm(), request.form)
    try:
        with services().sessions.begin() as session:
            inviter, form_data = member_in_charge(session), form.data()
            require_room(session, Quota.MEMBERS, field="email")
            invite(session, inviter, form_data["email"], form_data["role"], request.form.getlist("lines", type=row_id))
    except Invalid as refusal:
        return _page(form.refused(refusal)), 422
    flash(gettext("Invited. The email is on its way to %(email)s.", email=form_data["email"]))
    return redirect(url_for("team.show"))


@blueprint.post("/<int:invitation_id>/again")
@limiter.limit("60/hour;200/day")
def again(invitation_id: int) -> Response:
    """Send an invitation again, with a new link. The old link is void."""
    with services().sessions.begin() as session:
        email = send_again(session, member_in_charge(session), invitation_id).email
    flash(gettext("A new email is on its way to %(email)s. The old link no longer works.", email=email))
    return redirect(url_for("team.show"))


@blueprint.post("/<int:invitation_id>/revoke")
def take_back(invitation_id: int) -> Response:
    """Revoke an invitation."""
    with services().sessions.begin() as session:
        revoke(session, member_in_charge(session), invitation_id)
    flash(gettext("Invitation canceled. The link no longer works."))
    return redirect(url_for("team.show"))


def _page(form: Form) -> str:
    with services().sessions.begin() as session:
        mine = member_in_charge(session)
        kept = line_choices(session, mine)
        if request.method == "POST":
            kept["chosen"] = set(request.form.getlist("lines", type=row_id))
        return render_template("team/invite.html", form=form, workspace=mine.workspace, **kept)
