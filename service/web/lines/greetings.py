"""Recorded greetings, which carriers fetch during a call. Only their random names protect them."""

from flask import Blueprint, make_response
from werkzeug.wrappers import Response

from service.calls import ringback
from service.calls.greetings import greeting
from service.web.shell.context import services

blueprint = Blueprint("greetings", __name__, url_prefix="/greetings")


@blueprint.get("/<name>")
def fetch(name: str) -> Response:
    """A recorded greeting, or a tone or music of ours. Another recording has another name, so carriers may cache it."""
    if ringback.is_ours(name):
        return _sound(ringback.sound(name), "audio/wav")
    with services().sessions.begin() as session:
        found = greeting(session, name)
    return _sound(services().media.get(found.media), found.media_type)


def _sound(content: bytes, media_type: str) -> Response:
    answer = make_response(content)
    answer.headers["Content-Type"] = media_type
    answer.headers["Cache-Control"] = "public, max-age=86400, immutable"
    return answer
