"""Notices on a device: allowed by its person with a tap, and what they show while it is locked."""

from http import HTTPStatus

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext
from flask_wtf.csrf import generate_csrf
from werkzeug.wrappers import Response

from service.errors import NotFound
from service.team_notices.channels import show_words
from service.team_notices.devices import Subscription, add_device, devices_of, renew_device
from service.vapid import public_key
from service.web.shell.context import member, services, this_sign_in
from service.web.shell.form import Form
from service.web.shell.security import limiter
from service.web.team.forms import SubscriptionForm

blueprint = Blueprint("push", __name__, url_prefix="/team/notices/devices")


@blueprint.post("/")
@limiter.limit("30/hour")
def allow() -> Response:
    """Push notices to this browser, which its person has just allowed. Raises `NotFound` where we have no key."""
    if not services().settings.vapid_key:
        raise NotFound("This page doesn’t exist, or you don’t have access to it.")
    subscription = Subscription(**Form(SubscriptionForm(), request.form).data())
    with services().sessions.begin() as session:
        add_device(session, services(), member(session), this_sign_in(), subscription)
    flash(gettext("This device gets your notifications now. Send a test to see what they look like."))
    return redirect(url_for("notices.show"))


@blueprint.get("/renewal")
def renewal() -> dict[str, str]:
    """What the worker needs when this browser has changed its address. Raises `NotFound` if it gets no notices."""
    with services().sessions.begin() as session:
        member(session)
        devices_of(session, this_sign_in())
    return {"key": public_key(services().settings.vapid_key), "csrf_token": generate_csrf()}


@blueprint.post("/renewal")
@limiter.limit("30/hour")
def renew() -> tuple[str, int]:
    """Push notices to this browser's new address."""
    subscription = Subscription(**Form(SubscriptionForm(), request.form).data())
    with services().sessions.begin() as session:
        member(session)
        renew_device(session, services(), this_sign_in(), subscription)
    return "", HTTPStatus.NO_CONTENT


@blueprint.post("/<int:channel_id>/words")
def words(channel_id: int) -> Response:
    """Show on a locked screen who a notice is from and what they wrote, or hide it."""
    with services().sessions.begin() as session:
        show_words(session, member(session), channel_id, shown=request.form.get("shown") == "true")
    flash(gettext("Saved. It applies from the next notification."))
    return redirect(url_for("notices.show"))
