"""The page of requests to port numbers away, which carriers tell our staff by mail or in their consoles."""

from flask import Blueprint, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from service.errors import Invalid, NotFound
from service.port_outs.models import PortOut, PortOutState
from service.port_outs.requests import end, note_request, open_requests
from service.web.desk.forms import PortOutForm
from service.web.shell.context import must_be_desk, services
from service.web.shell.form import Form

blueprint = Blueprint("port_outs", __name__, url_prefix="/desk/port-outs")

blueprint.before_request(must_be_desk)

_ENDS = {"refused": PortOutState.REFUSED, "withdrawn": PortOutState.WITHDRAWN}


@blueprint.get("/")
def listing() -> str:
    """The open requests, and the form for a new one."""
    with services().sessions.begin() as session:
        return _page(session, Form(PortOutForm()))


@blueprint.post("/")
def add() -> Response | tuple[str, int]:
    """Note a request of which a carrier has told us; those in charge of the number are notified at once."""
    form = Form(PortOutForm(), request.form)
    try:
        with services().sessions.begin() as session:
            note_request(session, services(), **form.data())
    except Invalid as refusal:
        with services().sessions.begin() as session:
            return _page(session, form.refused(refusal)), 422
    return redirect(url_for("port_outs.listing"))


@blueprint.post("/<int:port_out_id>")
def answer(port_out_id: int) -> Response:
    """Note how a request has ended."""
    with services().sessions.begin() as session:
        asked, state = session.get(PortOut, port_out_id), _ENDS.get(request.form.get("state", ""))
        if asked is None or state is None:
            raise NotFound("There is no such request.")
        end(session, services(), asked, state)
    return redirect(url_for("port_outs.listing"))


def _page(session: Session, form: Form) -> str:
    return render_template("desk/port_outs.html", form=form, requests=open_requests(session))
