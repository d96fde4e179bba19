"""The page of a request to port a number away, opened by the link in a notice without an account."""

from flask import Blueprint, redirect, render_template, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from service.accounts.models import Workspace
from service.port_outs.links import port_out_of
from service.port_outs.models import PortOut
from service.port_outs.requests import dispute
from service.web.shell.branding import show_workspace
from service.web.shell.context import services
from service.web.shell.languages import use_language
from service.web.shell.security import limiter

blueprint = Blueprint("port_out_request", __name__, url_prefix="/port-outs/<token>")


@blueprint.get("")
@limiter.limit("60/minute")
def show(token: str) -> str:
    """Who asks for which number, where that stands, and the button to say that it is not theirs."""
    with services().sessions.begin() as session:
        port_out, workspace = _asked(session, token)
        return render_template("numbers/port_out_request.html", port_out=port_out, workspace=workspace, token=token)


@blueprint.post("")
@limiter.limit("30/hour")
def stop(token: str) -> Response:
    """Have the request disputed."""
    with services().sessions.begin() as session:
        dispute(session, services(), _asked(session, token)[0])
    return redirect(url_for(".show", token=token))


def _asked(session: Session, token: str) -> tuple[PortOut, Workspace]:
    port_out = port_out_of(session, services(), token)
    workspace = session.get_one(Workspace, port_out.number.line.workspace_id)
    show_workspace(workspace)
    use_language(workspace.language)
    return port_out, workspace
