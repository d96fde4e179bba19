"""The page of API keys: the owner makes and revokes those with which programs work in the workspace."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from service.accounts.api_keys import Scope, keys_of, make_key, revoke_key
from service.accounts.models import Member, Membership
from service.errors import Forbidden, Invalid
from service.web.shell.context import member, services
from service.web.shell.form import Form
from service.web.shell.security import limiter, signed_in_person
from service.web.team.forms import ApiKeyForm
from service.web.team.words import SCOPES

blueprint = Blueprint("api_keys", __name__, url_prefix="/settings/api-keys")

Answer = str | Response | tuple[str, int]


@blueprint.get("/")
def show() -> str:
    """The page of keys."""
    with services().sessions.begin() as session:
        return _page(session, Form(ApiKeyForm()))


@blueprint.post("/")
@limiter.limit("30/hour", key_func=signed_in_person)
def make() -> Answer:
    """Make a key, and show it this once."""
    form = Form(ApiKeyForm(), request.form)
    try:
        with services().sessions.begin() as session:
            scopes = [Scope(one) for one in request.form.getlist("scopes") if one in list(Scope)]
            secret = make_key(session, _owner(session), form.data()["name"], scopes)
            return _page(session, Form(ApiKeyForm()), secret)
    except Invalid as refusal:
        with services().sessions.begin() as session:
            return _page(session, form.refused(refusal)), 422


@blueprint.post("/<int:key_id>/revoke")
def revoke(key_id: int) -> Response:
    """Revoke a key."""
    with services().sessions.begin() as session:
        revoke_key(session, _owner(session), key_id)
    flash(gettext("Revoked. Programs that used this key are turned away."))
    return redirect(url_for("api_keys.show"))


def _owner(session: Session) -> Member:
    mine = member(session)
    if mine.role is not Membership.OWNER:
        raise Forbidden("Only the owner can manage API keys.")
    return mine


def _page(session: Session, form: Form, secret: str = "") -> str:
    keys = keys_of(session, _owner(session).workspace_id)
    shown = [(key, [SCOPES[scope] for scope in Scope if scope in key.scopes]) for key in keys]
    chosen = request.form.getlist("scopes") if form.errors else []
    return render_template("team/api_keys.html", keys=shown, form=form, secret=secret, scopes=SCOPES, chosen=chosen)
