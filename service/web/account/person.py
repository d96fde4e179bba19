"""The page on which a person deletes themselves: name, address, devices, and all that lets them sign in."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from service.accounts.members import memberships
from service.accounts.models import User
from service.erasing.people import erase_person, obstacles
from service.web.shell.browsers import sign_out
from service.web.shell.context import member, person, services

blueprint = Blueprint("person", __name__, url_prefix="/settings/delete-me")


@blueprint.get("/")
def show() -> str:
    """What is deleted and what stays, and the button; for an owner, what has to be done before."""
    with services().sessions.begin() as session:
        member(session)
        return render_template("account/person.html", obstacles=obstacles(memberships(session, person().id)))


@blueprint.post("/")
def erase() -> Response:
    """Have the person leave every team and be deleted."""
    with services().sessions.begin() as session:
        erase_person(session, session.get_one(User, person().id, with_for_update=True))
    sign_out()
    flash(gettext("You left, and your name, email, and devices are being deleted."))
    return redirect(url_for("front.landing"))
