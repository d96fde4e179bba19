"""The porting desk's page of what happened to a number, from which a callback or an order is read again."""

import logging

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from service.errors import NotFound
from service.phone_numbers import NotANumber, read_alone
from service.porting.asking import ask_carrier
from service.porting.models import CarrierOrder
from service.trace.timeline import timeline
from service.web.shell.context import must_be_desk, person, services
from webhooks.models import Received
from webhooks.unread import read_again

log = logging.getLogger(__name__)

blueprint = Blueprint("trace", __name__, url_prefix="/desk/trace")

blueprint.before_request(must_be_desk)


@blueprint.get("/")
def show() -> str:
    """The page of the number that the address names, or of none yet."""
    typed = request.args.get("number", "").strip()[:40]
    number, trouble = _read(typed) if typed else ("", "")
    with services().sessions.begin() as session:
        events = timeline(session, number) if number else []
        return render_template("desk/trace.html", typed=typed, number=number, events=events, trouble=trouble)


@blueprint.post("/callbacks/<int:received_id>/again")
def read_callback(received_id: int) -> Response:
    """Have a callback read once more, as if it had just come."""
    with services().sessions.begin() as session:
        received = session.get(Received, received_id)
        if received is None or not received.body:
            raise NotFound("We can’t find that one. It may have been removed.")
        read_again(session, [received_id])
    log.warning("callback is read again", extra={"received": received_id, "by": person().id})
    return _back()


@blueprint.post("/orders/<int:order_id>/again")
def ask_order(order_id: int) -> Response:
    """Have the carrier asked about an order, and what is new of it learned."""
    with services().sessions.begin() as session:
        if session.get(CarrierOrder, order_id) is None:
            raise NotFound("We can’t find that order.")
        ask_carrier.hurry(session, order_id=order_id)
    log.warning("order is asked about again", extra={"order": order_id, "by": person().id})
    return _back()


def _read(typed: str) -> tuple[str, str]:
    """The number (E.164) that was typed, or what is wrong with it."""
    try:
        return read_alone(typed, services().settings.countries[0]).number, ""
    except NotANumber as refusal:
        return "", refusal.sentence


def _back() -> Response:
    return redirect(url_for("trace.show", number=request.form.get("number", "")[:40]))
