"""The list of browsers in which the person is signed in, and signing them out."""

from flask import Blueprint, flash, redirect, render_template, session, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from service.accounts import sign_ins
from service.web.shell.context import member, person, services, this_sign_in

blueprint = Blueprint("devices", __name__, url_prefix="/devices")


@blueprint.get("/")
def show() -> str:
    """The list, the browser seen last first."""
    with services().sessions.begin() as database:
        member(database)
        found = sign_ins.sign_ins_of(database, person().id)
        return render_template("account/devices.html", sign_ins=found, here=this_sign_in().id)


@blueprint.post("/<int:sign_in_id>/end")
def end(sign_in_id: int) -> Response:
    """Sign one browser out; the id of somebody else's changes nothing."""
    with services().sessions.begin() as database:
        sign_ins.end_by_id(database, person().id, sign_in_id)
    flash(gettext("Signed out."))
    return redirect(url_for("devices.show"))


@blueprint.post("/end-others")
def end_others() -> Response:
    """Sign every other browser out."""
    with services().sessions.begin() as database:
        sign_ins.end_others(database, person().id, session["sign_in"])
    flash(gettext("You’re signed in here only."))
    return redirect(url_for("devices.show"))
