"""The first page of our staff, with alerts and open ports; and the page of all notices that customers get."""

from itertools import groupby
from operator import attrgetter
from typing import Final

from flask import Blueprint, redirect, render_template, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from service.alerts import Alert
from service.errors import NotFound
from service.language import Language
from service.notifications.models import Channel
from service.notifications.previews import previews
from service.porting.queries import open_projects
from service.porting.states import State
from service.time import now
from service.web.desk.alert_words import ALERTS, subjects
from service.web.shell.context import must_be_desk, services
from service.web.shell.languages import language

blueprint = Blueprint("desk", __name__, url_prefix="/desk")

blueprint.before_request(must_be_desk)

STATES: Final = {
    State.DRAFT: "Draft",
    State.SUBMITTING: "Being filed",
    State.AWAITING_SIGNATURE: "Waiting for the signature",
    State.IN_REVIEW: "With the carrier",
    State.WITH_LOSING_CARRIER: "With the provider",
    State.SCHEDULED: "Date set",
    State.ACTIVATING: "Moving now",
    State.PORTED: "Arrived, testing",
    State.LIVE: "Done",
    State.RETURNED: "Back with the old provider",
    State.ACTION_REQUIRED: "Rejected: waiting on the customer",
    State.CANCEL_REQUESTED: "Canceling",
    State.CANCELED: "Canceled",
    State.EXPIRED: "Signature expired",
    State.NOT_PORTABLE: "Can’t transfer",
}
"""State names for staff. The customers' names address the customer as "you"."""


@blueprint.get("/")
def show() -> str:
    """The desk page: unseen alerts, newest first and at most 200, and all open ports."""
    with services().sessions.begin() as session:
        unseen = select(Alert).where(Alert.seen_at.is_(None)).order_by(Alert.made_at.desc()).limit(200)
        alerts = list(session.scalars(unseen))
        about = subjects(session, alerts)
        return render_template(
            "desk/overview.html",
            alerts=[(alert, about[alert.id]) for alert in alerts],
            words=ALERTS,
            projects=open_projects(session),
            states=STATES,
        )


@blueprint.post("/alerts/<int:alert_id>/seen")
def seen(alert_id: int) -> Response:
    """Mark an alert as seen. It returns if the same thing happens again."""
    with services().sessions.begin() as session:
        matter = session.get(Alert, alert_id)
        if matter is None:
            raise NotFound("We can’t find that alert.")
        matter.seen_at = now()
    return redirect(url_for("desk.show"))


@blueprint.get("/messages")
def messages() -> str:
    """The page of all notices that customers get, in one language, with sample facts; one `kind` is shown whole."""
    shown = request.args.get("of", language(), type=Language)
    spoken = (one for one in previews() if one.language is shown)
    notices = {kind: list(alike) for kind, alike in groupby(spoken, key=attrgetter("kind"))}
    opened = request.args.get("kind")
    return render_template("desk/messages.html", shown=shown, notices=notices, opened=opened, channels=Channel)
