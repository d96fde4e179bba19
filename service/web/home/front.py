"""The front page, and the choice of language."""

from datetime import timedelta

from flask import Blueprint, redirect, render_template, request, session, url_for
from flask_security import current_user
from werkzeug.wrappers import Response

from service.accounts.models import User
from service.operator_texts import Topic
from service.time import now
from service.web.home.forms import LanguageForm
from service.web.home.operator_words import operator_words
from service.web.home.portable import portable_countries
from service.web.shell.context import person, services
from service.web.shell.fields import local_path
from service.web.shell.form import Form

blueprint = Blueprint("front", __name__)


@blueprint.get("/")
def landing() -> str | Response:
    """The front page. A person who has signed in is sent to their home page."""
    if current_user.is_authenticated:
        return redirect(url_for("home.show"))
    return render_template(
        "home/landing.html",
        moves_on=now().date() + timedelta(days=9),
        prices=operator_words(Topic.PRICES),
        from_countries=portable_countries(),
        to_countries=services().settings.countries,
    )


@blueprint.post("/language")
def language() -> Response:
    """Change the language of the pages, and of a signed-in person's mail."""
    chosen = Form(LanguageForm(), request.form).data()["language"]
    session["language"] = chosen.value
    if current_user.is_authenticated:
        with services().sessions.begin() as database:
            database.get_one(User, person().id).language = chosen
    return redirect(local_path(request.form.get("back", "")))
