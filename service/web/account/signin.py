"""Signing in with a code from the mail, and signing out."""

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from service.accounts import signin
from service.accounts.code_mail import is_refused
from service.accounts.invitations import accept, invitation_of
from service.accounts.models import User
from service.accounts.passkeys import WRONG, to_sign_in, who_answers
from service.accounts.second_step import is_set_up
from service.calls.owners import find_owners
from service.errors import Forbidden, Invalid, NotFound
from service.web.account.forms import CodeForm, SignInForm
from service.web.account.waiting import ask_for_second_step, kept_challenge, new_challenge
from service.web.shell.branding import address_here
from service.web.shell.browsers import asked_by, let_in, sign_out
from service.web.shell.context import person, services
from service.web.shell.form import Form
from service.web.shell.security import (
    address_from_here,
    address_or_browser,
    limiter,
    network,
    no_address,
    signed_in_person,
)

blueprint = Blueprint("signin", __name__)

Answer = str | Response | tuple[str, int]


@blueprint.route("/sign-in", methods=["GET", "POST"])
@limiter.limit("30/hour;100/day", methods=["POST"])
@limiter.limit("60/hour;200/day", key_func=network, methods=["POST"])
@limiter.limit("5/hour;20/day", key_func=address_from_here, methods=["POST"], exempt_when=no_address)
@limiter.limit("30/day", key_func=address_or_browser, methods=["POST"], exempt_when=no_address)
def ask() -> Answer:
    """The sign-in page, which mails a code. Known and unknown addresses get the same answer."""
    form = Form(SignInForm(), request.form if request.method == "POST" else None)
    if request.method == "GET":
        return _sign_in_page(form)
    try:
        email = form.data()["email"]
    except Invalid as refusal:
        return _sign_in_page(form.refused(refusal)), 422
    with services().sessions.begin() as database:
        signin.ask_code(database, services(), email, asked_by())
    session["signing_in"] = email
    return redirect(url_for("signin.enter"))


@blueprint.route("/code", methods=["GET", "POST"])
@limiter.limit("30/10 minutes", methods=["POST"])
def enter() -> Answer:
    """The page for the code from the mail. A wrong code is refused with 422."""
    if "signing_in" not in session:
        return redirect(url_for("signin.ask"))
    form = Form(CodeForm(), request.form if request.method == "POST" else None)
    if request.method == "GET":
        return _page(form)
    try:
        entered = _entered(form.data()["code"])
    except Invalid as refusal:
        return _page(form.refused(refusal)), 422
    return _let_in_or_ask(entered)


@blueprint.get("/confirm")
def confirm() -> str | Response:
    """The page that asks a signed-in person for a new code, before what a borrowed browser must not do.

    Who has a second step is asked for that: it is worth more than the mail that is open in the same browser.
    """
    with services().sessions.begin() as database:
        if is_set_up(database, person().id):
            return redirect(url_for("second_step.ask"))
    return render_template("account/confirm.html", email=person().email)


@blueprint.post("/confirm")
@limiter.limit("10/hour;30/day", key_func=signed_in_person)
def confirm_by_mail() -> Response:
    """Mail the person a code, and go to the page that takes it."""
    with services().sessions.begin() as database:
        signin.ask_code(database, services(), person().email, asked_by())
    session["signing_in"] = session["sent_to"] = person().email
    return redirect(url_for("signin.enter"))


@blueprint.post("/sign-in/passkey")
@limiter.limit("30/10 minutes")
def passkey() -> Answer:
    """Sign in with a passkey alone, which has checked its person."""
    with services().sessions.begin() as database:
        user = who_answers(database, address_here(), kept_challenge(), request.form.get("credential", ""))
    if user is None or not user.active:
        return _sign_in_page(Form(SignInForm(), MultiDict()).refused(Invalid({"": [WRONG]}))), 422
    return let_in(user, second_step=True)


@blueprint.post("/sign-out")
def leave() -> Response:
    """Sign this browser out, where answers that were typed and not sent are forgotten too."""
    sign_out()
    session.clear()
    gone = redirect(url_for("front.landing"))
    gone.headers["Clear-Site-Data"] = '"cache", "storage"'
    return gone


def _let_in_or_ask(entered: signin.Entered) -> Response:
    """Sign the person in, or ask for their second step first."""
    with services().sessions.begin() as database:
        more = is_set_up(database, entered.user.id)
    if more:
        return ask_for_second_step(entered.user)
    return let_in(entered.user, new=entered.first)


def _entered(code: str) -> signin.Entered:
    """The person whose code this is. `Invalid` is raised after the commit, so that wrong codes are counted."""
    with services().sessions.begin() as database:
        entered = signin.enter(database, services(), asked_by=asked_by(), code=code)
        if entered and "joining" in session:
            _join(database, entered.user)
    if entered is None:
        wrong = gettext("That code doesn’t match or has expired. Check the six digits, or send a new code.")
        raise Invalid({"code": [wrong]})
    return entered


def _join(database: Session, user: User) -> None:
    """Accept the invitation that the person came by. If it is void, they are still signed in and read why."""
    try:
        invitation = invitation_of(database, services(), session["joining"])
        session["workspace"] = accept(database, invitation, user).workspace_id
        find_owners(database, invitation.workspace_id)
    except (Forbidden, NotFound) as refusal:
        flash(gettext(str(refusal)), "wrong")


@blueprint.get("/code/sent")
def sent() -> str:
    """The part of the code page that tells where the code is."""
    if "signing_in" not in session:
        raise NotFound("No code is on its way. Ask for one first.")
    return render_template("account/_code_sent.html", **_sent())


def _sign_in_page(form: Form) -> str:
    with services().sessions.begin() as database:
        options = to_sign_in(database, address_here(), None, new_challenge())
    return render_template("account/sign_in.html", form=form, options=options)


def _page(form: Form) -> str:
    return render_template("account/code.html", form=form, **_sent())


def _sent() -> dict[str, object]:
    """What became of the code is told only where that reveals nothing: after a sign-up or an invitation."""
    email = session["signing_in"]
    own = session.get("sent_to") == email
    with services().sessions.begin() as database:
        return {"email": email, "sent": own, "refused": own and is_refused(database, asked_by())}
