"""Signing up."""

from http import HTTPStatus
from typing import Any, Final

from flask import Blueprint, g, redirect, render_template, request, session, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from service.accounts import sign_up_challenges as challenges
from service.accounts.sign_up_links import address_in
from service.accounts.signup import sign_up
from service.errors import Invalid
from service.phone_numbers import zone_near
from service.signing_up import SignUp
from service.time import real_time
from service.web.account.forms import SignUpForm
from service.web.shell.browsers import asked_by
from service.web.shell.context import services
from service.web.shell.fields import zone
from service.web.shell.form import Form
from service.web.shell.languages import language
from service.web.shell.security import address_from_here, limiter, network, no_address
from service.web.shell.words import country_name

blueprint = Blueprint("signup", __name__)

Answer = str | Response | tuple[str, int]

_AGAIN: Final = (
    "Many people sign up at the moment, so your browser has to compute for a second first. Press the button once more."
)


@blueprint.route("/sign-up", methods=["GET", "POST"])
@limiter.limit("30/hour;60/day", methods=["POST"])
@limiter.limit("60/hour;100/day", key_func=network, methods=["POST"])
@limiter.limit("5/hour;10/day", key_func=address_from_here, methods=["POST"], exempt_when=no_address)
def ask() -> Answer:
    """The sign-up page. A valid form creates the account and mails a code."""
    invited = _invited()
    if services().settings.sign_up is SignUp.INVITATION and not invited:
        return render_template("account/by_invitation.html"), HTTPStatus.FORBIDDEN
    if request.method == "GET":
        return _page(Form(SignUpForm(), kept={"email": invited, **request.args}))
    g.zone = zone(request.form.get("zone", ""))
    form = Form(SignUpForm(), request.form)
    try:
        form_data = form.data()
        _must_be_the_invited(form_data["email"], invited)
        near, asked_before = form_data["near"], form_data["bringing"]
        if near["bringing"] and not _is_sold_near(near["bringing"]) and not asked_before:
            return _page(Form(SignUpForm(), kept={**request.form, "near": "", "bringing": near["bringing"]})), 422
        unproven = _is_unproven(form_data["solution"])
    except Invalid as refusal:
        return _page(form.refused(refusal)), 422
    near = {"area": near["area"], "bringing": near["bringing"] or asked_before}
    _create_account(form_data | {"near": near, "unproven": unproven})
    session["signing_in"] = session["sent_to"] = form_data["email"]
    return redirect(url_for("signin.enter"))


def _invited() -> str:
    """The address for which an operator has invited somebody, by the link that they opened; "" without one."""
    if token := request.args.get("invited"):
        session["invited"] = address_in(token, services().settings.secret_keys)
    return str(session.get("invited", ""))


def _must_be_the_invited(email: str, invited: str) -> None:
    if services().settings.sign_up is SignUp.INVITATION and email.lower() != invited:
        raise Invalid({"email": [gettext("The invitation is for a different email address.")]})


def _is_unproven(solution: str) -> bool:
    """Whether a challenge was left unsolved, as browsers without JavaScript leave it; each solution counts once.

    Raises:
        Invalid: the solution is wrong, late or used, or the page was opened before challenges were wanted.
    """
    if not _is_challenge_wanted():
        return False
    if request.form.get("solution") == "":
        return True
    mark = challenges.mark_of(services().settings.secret_keys, solution)
    if not mark or limiter.storage.incr(f"solved {mark}", int(challenges.LIFE.total_seconds())) > 1:
        raise Invalid({"": [_AGAIN]})
    return False


def _is_challenge_wanted() -> bool:
    with services().sessions.begin() as database:
        return challenges.is_wanted(database, services().settings)


def _is_sold_near(number: str) -> bool:
    """Whether first numbers are sold in the country of a number, all of which begin with +1."""
    return number.startswith("+1")


def _create_account(form_data: dict[str, Any]) -> None:
    with services().sessions.begin() as database:
        sign_up(
            database,
            services(),
            asked_by=asked_by(),
            email=form_data["email"],
            business=form_data["business"],
            name="",
            language=language(),
            zone=_zone(form_data),
            network=network(),
            unproven=form_data["unproven"],
            **form_data["near"],
        )


def _zone(form_data: dict[str, Any]) -> str:
    """The browser's time zone. A browser without scripts does not say it: then that of the area code or number."""
    near = form_data["near"]
    number = near["bringing"] or f"+1{near['area']}5550100"
    return form_data["zone"] if request.form.get("zone") else zone_near(number) or form_data["zone"]


def _page(form: Form) -> str:
    bringing, keys = form.value("bringing"), services().settings.secret_keys
    until = real_time() + challenges.LIFE
    return render_template(
        "account/sign_up.html",
        form=form,
        elsewhere=country_name(bringing) if bringing else "",
        challenge=challenges.new_challenge(keys, until) if _is_challenge_wanted() else "",
    )
