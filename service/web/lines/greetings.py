"""Recorded greetings, which carriers fetch during a call. Only their random names protect them."""

from flask import Blueprint, make_response
from werkzeug.wrappers import Response

from service.calls.greetings import greeting
from service.web.shell.context import services

blueprint = Blueprint("greetings", __name__, url_prefix="/greetings")


@blueprint.get("/<name>")
def fetch(name: str) -> Response:
    """A recorded greeting. Another recording has another name, so carriers may cache it."""
    with services().sessions.begin() as session:
        found = greeting(session, name)
    answer = make_response(services().media.get(found.media))
    answer.headers["Content-Type"] = found.media_type
    answer.headers["Cache-Control"] = "public, max-age=86400, immutable"
    return answer
