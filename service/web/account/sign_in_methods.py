"""How a person signs in: their passkeys, authenticator app and recovery codes."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from segno import make
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from service.accounts import authenticator_apps, second_step, sign_ins
from service.accounts.passkeys import register, to_register
from service.errors import Invalid
from service.web.account.forms import AppForm, PasskeyForm
from service.web.account.waiting import kept_challenge, new_challenge
from service.web.shell.branding import address_here, brand
from service.web.shell.context import member_to_be, person, services, this_sign_in
from service.web.shell.detours import wanted
from service.web.shell.form import Form
from service.web.shell.security import limiter, signed_in_person

blueprint = Blueprint("sign_in_methods", __name__, url_prefix="/sign-in-methods")

Answer = str | Response | tuple[str, int]


@blueprint.get("/")
def show() -> str:
    """The list of what the person has set up."""
    with services().sessions.begin() as database:
        member_to_be(database)
        ways, demanded = second_step.ways_of(database, person().id), second_step.is_demanded(database, person())
        return render_template("account/sign_in_methods.html", ways=ways, demanded=demanded)


@blueprint.get("/passkey")
def passkey() -> str:
    """The page that makes a passkey in this browser."""
    return _passkey_page(Form(PasskeyForm()))


@blueprint.post("/passkey")
@limiter.limit("30/hour", key_func=signed_in_person)
def add_passkey() -> Answer:
    """Keep the passkey that the browser has made."""
    form = Form(PasskeyForm(), request.form)
    try:
        name = form.data()["name"]
        with services().sessions.begin() as database:
            credential = request.form.get("credential", "")
            register(database, address_here(), person(), kept_challenge(), credential, name)
            codes = _added(database)
    except Invalid as refusal:
        return _passkey_page(form.refused(refusal)), 422
    return _done(codes)


@blueprint.post("/passkeys/<int:passkey_id>/name")
def rename_passkey(passkey_id: int) -> Response:
    """Give a passkey another name."""
    with services().sessions.begin() as database:
        second_step.passkey_for(database, person(), passkey_id).name = Form(PasskeyForm(), request.form).data()["name"]
    flash(gettext("Saved."))
    return redirect(url_for("sign_in_methods.show"))


@blueprint.post("/passkeys/<int:passkey_id>/remove")
def remove_passkey(passkey_id: int) -> Response:
    """Remove a passkey."""
    with services().sessions.begin() as database:
        second_step.remove_passkey(database, person(), passkey_id)
    flash(gettext("Removed. You can’t sign in with it anymore."))
    return redirect(url_for("sign_in_methods.show"))


@blueprint.post("/app")
def add_app() -> Response:
    """Make a secret for an authenticator app, and go to the page that shows it."""
    with services().sessions.begin() as database:
        authenticator_apps.begin(database, person().id)
    return redirect(url_for("sign_in_methods.app"))


@blueprint.get("/app")
def app() -> Answer:
    """The page with the picture for the app, until its digits have been entered."""
    return _app_page(Form(AppForm()))


@blueprint.post("/app/confirm")
@limiter.limit("30/hour", key_func=signed_in_person)
def confirm_app() -> Answer:
    """Have the app count once it shows the right digits."""
    form = Form(AppForm(), request.form)
    try:
        digits = "".join(form.data()["digits"].split())
        with services().sessions.begin() as database:
            authenticator_apps.confirm(database, person().id, digits)
            codes = _added(database)
    except Invalid as refusal:
        page = _app_page(form.refused(refusal))
        return (page, 422) if isinstance(page, str) else page
    return _done(codes)


@blueprint.post("/app/remove")
def remove_app() -> Response:
    """Remove the authenticator app."""
    with services().sessions.begin() as database:
        second_step.remove_app(database, person())
    flash(gettext("Removed. You can’t sign in with its codes anymore."))
    return redirect(url_for("sign_in_methods.show"))


@blueprint.post("/recovery-codes")
@limiter.limit("30/hour", key_func=signed_in_person)
def new_codes() -> str:
    """Make new recovery codes and show them, this once."""
    with services().sessions.begin() as database:
        return _codes_page(second_step.new_codes(database, person().id))


def _added(database: Session) -> list[str]:
    """Count this sign-in as one with a second step, which was shown just now; the person's first recovery codes."""
    sign_ins.note_second_step(database, this_sign_in())
    return second_step.codes_for_first(database, person().id)


def _done(codes: list[str]) -> Answer:
    flash(gettext("Done. We’ll ask for it next time you sign in."))
    return _codes_page(codes) if codes else redirect(url_for("sign_in_methods.show"))


def _codes_page(codes: list[str]) -> str:
    return render_template("account/recovery_codes.html", codes=codes, onward=wanted())


def _passkey_page(form: Form) -> str:
    with services().sessions.begin() as database:
        member_to_be(database)
        options = to_register(database, address_here(), person(), new_challenge())
        return render_template("account/passkey.html", form=form, options=options)


def _app_page(form: Form) -> str | Response:
    with services().sessions.begin() as database:
        member_to_be(database)
        waiting = authenticator_apps.waiting_app(database, person().id)
        if waiting is None:
            return redirect(url_for("sign_in_methods.show"))
        address = authenticator_apps.address_of(waiting, person(), brand())
        picture = make(address).svg_data_uri(scale=5, light="white")
        return render_template("account/app.html", form=form, picture=picture, secret=waiting.secret)
