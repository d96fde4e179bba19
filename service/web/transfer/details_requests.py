"""Asking somebody outside the workspace for details of a draft."""

from typing import Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from service.accounts.change_log import Action
from service.errors import Invalid
from service.porting.checks import missing
from service.porting.details_requests import ask_for_details, askable, open_requests, revoke, send_again
from service.porting.needs import asked
from service.time import now
from service.web.shell.context import person, services
from service.web.shell.form import Form
from service.web.shell.security import limiter, signed_in_person
from service.web.transfer.draft_steps import my_draft
from service.web.transfer.forms import DetailsRequestForm
from service.web.transfer.port_log import note_port
from service.web.transfer.questions import next_step

blueprint = Blueprint("details_requests", __name__, url_prefix="/ports/<public_id>/details")

Answer = str | Response | tuple[str, int]

_MAILS: Final = "20/hour;60/day"


@blueprint.get("")
def ask(public_id: str) -> str:
    """The page that asks whom to ask, and for what."""
    return _page(public_id, Form(DetailsRequestForm()))


@blueprint.post("")
@limiter.limit(_MAILS, key_func=signed_in_person)
def send(public_id: str) -> Answer:
    """Mail the link by which a person gives these details."""
    form = Form(DetailsRequestForm(), request.form)
    try:
        with services().sessions.begin() as session:
            project, email = my_draft(session, public_id), form.data()["email"]
            wanted = request.form.getlist("wanted")
            ask_for_details(session, project, asker_id=person().id, email=email, wanted=wanted)
            note_port(session, project, Action.DETAILS_ASKED, {"email": email})
            following = next_step(project)
    except Invalid as refusal:
        return _page(public_id, form.refused(refusal)), 422
    flash(gettext("Request sent to %(email)s.", email=email))
    return redirect(following)


@blueprint.post("/<int:request_id>/again")
@limiter.limit(_MAILS, key_func=signed_in_person)
def again(public_id: str, request_id: int) -> Response:
    """Mail a new link. The old one is void."""
    with services().sessions.begin() as session:
        project = my_draft(session, public_id)
        email = send_again(session, project, request_id).email
        note_port(session, project, Action.DETAILS_ASKED_AGAIN, {"email": email})
    flash(gettext("A new email is on its way to %(email)s. The old link no longer works.", email=email))
    return redirect(url_for(".ask", public_id=public_id))


@blueprint.post("/<int:request_id>/revoke")
def take_back(public_id: str, request_id: int) -> Response:
    """Revoke a link. What was given by it stays."""
    with services().sessions.begin() as session:
        project = my_draft(session, public_id)
        email = revoke(session, project, request_id).email
        note_port(session, project, Action.DETAILS_LINK_REVOKED, {"email": email})
    flash(gettext("Invitation canceled. The link no longer works."))
    return redirect(url_for(".ask", public_id=public_id))


def _page(public_id: str, form: Form) -> str:
    with services().sessions.begin() as session:
        project = my_draft(session, public_id)
        chosen = request.form.getlist("wanted") if request.method == "POST" else set(missing(project))
        return render_template(
            "transfer/details_request.html",
            project=project,
            form=form,
            questions=asked(project),
            askable=askable(project),
            chosen=chosen,
            asked_of=open_requests(project),
            now=now(),
            following=next_step(project),
        )
