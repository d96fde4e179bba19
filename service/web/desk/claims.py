"""The page on which our staff finds out whose a number is, before its port is filed."""

from flask import Blueprint, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from service.errors import NotFound
from service.porting.bill_check import bill_of
from service.porting.claims import decide, others_of
from service.porting.models import PortProject
from service.porting.states import State
from service.web.desk.overview import STATES
from service.web.shell.context import must_be_desk, services
from service.web.shell.scoped import project_at_desk
from service.web.shell.security import sandboxed

blueprint = Blueprint("claims", __name__, url_prefix="/desk/claims")

blueprint.before_request(must_be_desk)


@blueprint.get("/<public_id>")
def show(public_id: str) -> str:
    """What each side says and has shown: the draft, and other open ports of its numbers."""
    with services().sessions.begin() as session:
        project = _claimed(session, public_id)
        others = others_of(session, project)
        return render_template("desk/claim.html", project=project, others=others, states=STATES)


@blueprint.get("/<public_id>/bill")
def bill(public_id: str) -> Response:
    """The draft's latest bill."""
    with services().sessions.begin() as session:
        latest = bill_of(_claimed(session, public_id))
        if latest is None:
            raise NotFound("There’s no bill yet.")
        return sandboxed(Response(latest.content, mimetype=latest.media_type))


@blueprint.post("/<public_id>")
def answer(public_id: str) -> Response:
    """Write down what was found; the customer is told by mail."""
    with services().sessions.begin() as session:
        decide(session, _claimed(session, public_id), vouched=request.form.get("vouched") == "true")
    return redirect(url_for("desk.show"))


def _claimed(session: Session, public_id: str) -> PortProject:
    project = project_at_desk(session, public_id)
    if any(number.state is not State.DRAFT for number in project.numbers):
        raise NotFound("This has already been sent.")
    return project
