"""The page of workspaces whose owners let our staff look into them, and looking into one."""

from flask import Blueprint, redirect, render_template, session, url_for
from werkzeug.wrappers import Response

from service.accounts.support import access_by_id, open_accesses
from service.web.shell.context import must_be_desk, services

blueprint = Blueprint("support_desk", __name__, url_prefix="/desk/support")

blueprint.before_request(must_be_desk)


@blueprint.get("/")
def show() -> str:
    """The workspaces, and until when."""
    with services().sessions.begin() as database:
        return render_template("desk/support.html", accesses=open_accesses(database))


@blueprint.post("/<int:access_id>")
def enter(access_id: int) -> Response:
    """Look into a workspace: until they leave it, this browser shows its pages, and changes nothing anywhere."""
    with services().sessions.begin() as database:
        session["support"] = access_by_id(database, access_id).id
    return redirect(url_for("home.show"))


@blueprint.post("/leave")
def leave() -> Response:
    """Look no longer."""
    session.pop("support", None)
    return redirect(url_for("support_desk.show"))
