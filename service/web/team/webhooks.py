"""The pages of webhooks: the owner says where programs hear of events, and sees what was sent there."""

from collections.abc import Mapping
from typing import Any, Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from service.errors import Invalid
from service.events.deliveries import KEPT, deliver_again, deliver_span_again, deliveries_before, delivery_to
from service.events.delivering import body_of
from service.events.endpoints import (
    Wanted,
    add_endpoint,
    change_endpoint,
    endpoint_for,
    endpoints_of,
    remove_endpoint,
    rotate_secret,
)
from service.events.models import Endpoint, EventKind
from service.events.publishing import publish_test
from service.time import in_zone
from service.web.shell.context import member, services
from service.web.shell.form import Form
from service.web.shell.requests import row_id
from service.web.shell.security import limiter, signed_in_person
from service.web.team.forms import ReplayForm, WebhookForm
from service.web.team.words import EVENT_GROUPS, EVENTS

blueprint = Blueprint("webhooks", __name__, url_prefix="/settings/webhooks")

Answer = str | Response | tuple[str, int]

PER_PAGE: Final = 20


@blueprint.get("/")
def listing() -> str:
    """The page of all endpoints, with a form for another one."""
    with services().sessions.begin() as session:
        return _all(session, Form(WebhookForm()))


@blueprint.post("/")
@limiter.limit("30/hour", key_func=signed_in_person)
def add() -> Answer:
    """Add an endpoint, and show its secret this once."""
    form = Form(WebhookForm(), request.form)
    try:
        with services().sessions.begin() as session:
            added = add_endpoint(session, services(), member(session), form.data()["url"], _chosen())
            return _all(session, Form(WebhookForm()), added)
    except Invalid as refusal:
        with services().sessions.begin() as session:
            return _all(session, form.refused(refusal)), 422


@blueprint.get("/<int:endpoint_id>")
def show(endpoint_id: int) -> str:
    """The page of one endpoint: what was sent there, page by page, and its settings."""
    with services().sessions.begin() as session:
        return _one(session, _endpoint(session, endpoint_id))


@blueprint.post("/<int:endpoint_id>")
def change(endpoint_id: int) -> Answer:
    """Change where an endpoint is, or its events."""
    form = Form(WebhookForm(), request.form)
    try:
        with services().sessions.begin() as session:
            endpoint = _endpoint(session, endpoint_id)
            url = form.data()["url"]
            form.must_be_based_on(_kept(endpoint), told=("url",))
            wanted = Wanted(url, _chosen(), enabled=endpoint.enabled)
            change_endpoint(session, services(), member(session), endpoint, wanted)
    except Invalid as refusal:
        with services().sessions.begin() as session:
            endpoint = _endpoint(session, endpoint_id)
            return _one(session, endpoint, form=form.refused(refusal), chosen=_chosen()), 422
    flash(gettext("Saved."))
    return redirect(url_for("webhooks.show", endpoint_id=endpoint_id))


@blueprint.post("/<int:endpoint_id>/switch")
def switch(endpoint_id: int) -> Response:
    """Switch an endpoint on or off."""
    enabled = "on" in request.form
    with services().sessions.begin() as session:
        endpoint = _endpoint(session, endpoint_id)
        wanted = Wanted(endpoint.url, [EventKind(kind) for kind in endpoint.kinds], enabled=enabled)
        change_endpoint(session, services(), member(session), endpoint, wanted)
    waiting = gettext("Switched on. What waited for less than three days is sent now.")
    flash(waiting if enabled else gettext("Switched off."))
    return redirect(url_for("webhooks.show", endpoint_id=endpoint_id))


@blueprint.post("/<int:endpoint_id>/rotate")
@limiter.limit("30/hour", key_func=signed_in_person)
def rotate(endpoint_id: int) -> str:
    """Make a new secret, and show it this once."""
    with services().sessions.begin() as session:
        endpoint = _endpoint(session, endpoint_id)
        return _one(session, endpoint, secret=rotate_secret(session, member(session), endpoint))


@blueprint.post("/<int:endpoint_id>/test")
@limiter.limit("60/hour", key_func=signed_in_person)
def test(endpoint_id: int) -> Response:
    """Send a test event."""
    with services().sessions.begin() as session:
        publish_test(session, _endpoint(session, endpoint_id))
    flash(gettext("A test is on its way. Reload this page to see the answer."))
    return redirect(url_for("webhooks.show", endpoint_id=endpoint_id))


@blueprint.post("/<int:endpoint_id>/deliveries/<int:delivery_id>/replay")
def again(endpoint_id: int, delivery_id: int) -> Response:
    """Send one event again."""
    with services().sessions.begin() as session:
        deliver_again(session, delivery_to(session, _endpoint(session, endpoint_id), delivery_id))
    return _sent_again(endpoint_id, 1)


@blueprint.post("/<int:endpoint_id>/replay")
@limiter.limit("30/hour", key_func=signed_in_person)
def again_all(endpoint_id: int) -> Answer:
    """Send all events of a span of time again."""
    form = Form(ReplayForm(), request.form)
    try:
        with services().sessions.begin() as session:
            zone = member(session).workspace.zone
            span = {name: in_zone(when, zone) for name, when in form.data().items()}
            count = deliver_span_again(session, _endpoint(session, endpoint_id), **span)
    except Invalid as refusal:
        with services().sessions.begin() as session:
            return _one(session, _endpoint(session, endpoint_id), span=form.refused(refusal)), 422
    return _sent_again(endpoint_id, count)


@blueprint.post("/<int:endpoint_id>/remove")
def remove(endpoint_id: int) -> Response:
    """Remove an endpoint."""
    with services().sessions.begin() as session:
        remove_endpoint(session, member(session), _endpoint(session, endpoint_id))
    flash(gettext("Removed. Nothing is sent there anymore."))
    return redirect(url_for("webhooks.listing"))


def _endpoint(session: Session, endpoint_id: int) -> Endpoint:
    return endpoint_for(session, member(session), endpoint_id)


def _chosen() -> list[EventKind]:
    """The events whose boxes are ticked."""
    return [kind for kind in EVENTS if kind in request.form.getlist("events")]


def _kept(endpoint: Endpoint) -> Mapping[str, Any]:
    return {"url": endpoint.url, "events": endpoint.kinds}


def _sent_again(endpoint_id: int, count: int) -> Response:
    flash(ngettext("Sending %(num)d event again.", "Sending %(num)d events again.", count))
    return redirect(url_for("webhooks.show", endpoint_id=endpoint_id))


def _all(session: Session, form: Form, added: Endpoint | None = None) -> str:
    return render_template(
        "team/webhooks.html",
        endpoints=endpoints_of(session, member(session)),
        form=form,
        added=added,
        groups=EVENT_GROUPS,
        words=EVENTS,
        chosen=_chosen() if form.errors else [],
    )


def _one(session: Session, endpoint: Endpoint, secret: str = "", **shown: Any) -> str:  # noqa: ANN401 -- forms
    before = request.args.get("before", 0, row_id)
    found = deliveries_before(session, endpoint, before, PER_PAGE + 1)
    known = {"form": Form(WebhookForm(), kept=_kept(endpoint)), "span": Form(ReplayForm()), "chosen": endpoint.kinds}
    return render_template(
        "team/webhook.html",
        endpoint=endpoint,
        deliveries=[(one, body_of(one)) for one in found[:PER_PAGE]],
        older=found[PER_PAGE - 1].id if len(found) > PER_PAGE else None,
        newest=not before,
        days=KEPT.days,
        secret=secret,
        groups=EVENT_GROUPS,
        words=EVENTS,
        **known | shown,
    )
