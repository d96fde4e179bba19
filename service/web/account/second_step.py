"""The page that asks for the second step: after the code from the mail, and before a number or the team changes."""

from http import HTTPStatus
from typing import Final

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from service.accounts import second_step
from service.accounts.models import User
from service.accounts.passkeys import WRONG, to_sign_in, who_answers
from service.errors import Invalid
from service.web.account.forms import SecondStepForm
from service.web.account.waiting import kept_challenge, new_challenge, who_waits
from service.web.shell.branding import address_here
from service.web.shell.browsers import let_in
from service.web.shell.context import person, services
from service.web.shell.form import Form
from service.web.shell.security import limiter

blueprint = Blueprint("second_step", __name__, url_prefix="/second-step")

Answer = str | Response | tuple[str, int]

_WRONG: Final = "That code doesn’t match or was already used. Wait for the next one, or use a recovery code."


def _person_asked() -> str:
    """Key for the limit of wrong codes: the person whose they would be, from wherever they are tried."""
    return str(session.get("second_step_of", [person().get_id()])[0])


def _is_wrong(answer: Response) -> bool:
    return answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY


@blueprint.route("/", methods=["GET", "POST"])
@limiter.limit("10/hour;20/day", key_func=_person_asked, methods=["POST"], deduct_when=_is_wrong)
def ask() -> Answer:
    """The page for the second step: the digits of an app or a recovery code. Wrong ones are refused with 422."""
    form = Form(SecondStepForm(), request.form if request.method == "POST" else None)
    with services().sessions.begin() as database:
        user = who_waits(database)
        if user is None or not second_step.is_set_up(database, user.id):
            return redirect(url_for("signin.ask"))
    if request.method == "GET":
        return _page(user, form)
    try:
        _must_be_right(user, form.data()["digits"])
    except Invalid as refusal:
        return _page(user, form.refused(refusal)), 422
    return let_in(user, second_step=True)


@blueprint.post("/passkey")
@limiter.limit("30/10 minutes")
def passkey() -> Answer:
    """Take the second step by a passkey of the person's."""
    with services().sessions.begin() as database:
        user = who_waits(database)
        if user is None:
            return redirect(url_for("signin.ask"))
        credential = request.form.get("credential", "")
        answering = who_answers(database, address_here(), kept_challenge(), credential, user)
    if answering is None:
        return _page(user, Form(SecondStepForm()).refused(Invalid({"": [WRONG]}))), 422
    return let_in(user, second_step=True)


@blueprint.get("/needed")
def need() -> Response:
    """Lead a signed-in person, of whom a second step is demanded, to where they set one up or take it."""
    with services().sessions.begin() as database:
        if second_step.is_set_up(database, person().id):
            return redirect(url_for("second_step.ask"))
    flash(gettext("This workspace asks everyone for a second step at sign-in. Set one up to go on."))
    return redirect(url_for("sign_in_methods.show"))


def _must_be_right(user: User, typed: str) -> None:
    with services().sessions.begin() as database:
        if not second_step.is_right(database, user.id, typed):
            raise Invalid({"digits": [_WRONG]})


def _page(user: User, form: Form) -> str:
    with services().sessions.begin() as database:
        options = to_sign_in(database, address_here(), user, new_challenge())
        ways = second_step.ways_of(database, user.id)
    return render_template("account/second_step.html", form=form, options=options, ways=ways, email=user.email)
