"""The page of settings: where each of them is, and those of this browser: its look, its keys and its language."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from service.web.account.forms import BrowserForm
from service.web.shell.appearance import Theme, choose, shortcuts, theme
from service.web.shell.context import member, services
from service.web.shell.form import Form

blueprint = Blueprint("settings", __name__, url_prefix="/settings")


@blueprint.get("/")
def show() -> str:
    """The page of settings."""
    with services().sessions.begin() as session:
        member(session)
        form = Form(BrowserForm(), kept={"theme": theme(), "shortcuts": shortcuts()})
        return render_template("account/settings.html", form=form, themes=Theme)


@blueprint.post("/")
def change() -> Response:
    """Keep what was chosen for this browser. Raises `Invalid` for what its form does not send."""
    form_data = Form(BrowserForm(), request.form).data()
    choose(form_data["theme"], shortcuts=form_data["shortcuts"])
    flash(gettext("Saved."))
    return redirect(url_for("settings.show"))
