"""The page of settings: where each of them is, and those of this browser: its look, its keys and its language."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from service.accounts.models import User
from service.web.account.forms import BrowserForm
from service.web.shell.appearance import Theme, choose, desktop_notices, shortcuts, sound, theme
from service.web.shell.context import member, person, services
from service.web.shell.form import Form

blueprint = Blueprint("settings", __name__, url_prefix="/settings")


@blueprint.get("/")
def show() -> str:
    """The page of settings."""
    with services().sessions.begin() as session:
        member(session)
        kept = {"shortcuts": shortcuts(), "sound": sound(), "desktop_notices": desktop_notices()}
        form = Form(BrowserForm(), kept={"theme": theme(), "enter_sends": person().enter_sends, **kept})
        return render_template("account/settings.html", form=form, themes=Theme)


@blueprint.post("/")
def change() -> Response:
    """Keep what was chosen for this browser and the person. Raises `Invalid` for what its form does not send."""
    form_data = Form(BrowserForm(), request.form).data()
    with services().sessions.begin() as session:
        session.get_one(User, person().id).enter_sends = form_data.pop("enter_sends")
    choose(**form_data)
    flash(gettext("Saved."))
    return redirect(url_for("settings.show"))
