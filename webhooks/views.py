"""Callbacks come in here: `POST /webhooks/<carrier>/<subject>`. They are checked, stored, answered, and read later.

Only a ringing call is answered with content, because it needs its next steps now. This is an application of its own
beside the pages: the busiest path does without sessions, cookies and page headers, which carriers do not need.
"""

from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, urlsplit

import psycopg
from flask import Blueprint, Flask, Response, abort, current_app, request
from sqlalchemy.exc import OperationalError
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from provisioning.contract.callbacks import SignedRequest, Subject
from provisioning.contract.carrier import Network
from service.services import Services
from webhooks.connections import Cursors
from webhooks.intake import Callback, Intake, NotKept
from webhooks.voice import answer

LARGEST_BODY: Final = 64 * 1024
LONGEST_QUERY: Final = 500

_EXTENSION: Final = "webhooks"
_SUBJECTS: Final = {subject.value: subject for subject in Subject}

blueprint = Blueprint("webhooks", __name__)


@dataclass(frozen=True, slots=True)
class _Given:
    services: Services
    intake: Intake
    reads: Cursors


def register(app: Flask, services: Services) -> None:
    """Add the webhooks to an application, under `/webhooks`."""
    door = Flask("webhooks", static_folder=None)
    url = services.settings.database_url
    door.extensions[_EXTENSION] = _Given(services, Intake(url), Cursors(url))
    door.register_blueprint(blueprint)
    # Flask's documented way to put something around or beside an application
    app.wsgi_app = DispatcherMiddleware(app.wsgi_app, {"/webhooks": door})  # type: ignore[method-assign]


@blueprint.post("/<carrier>/<subject>")
def receive(carrier: str, subject: str) -> Response:
    """Store a callback and answer 204; a call is answered with its next steps."""
    given: _Given = current_app.extensions[_EXTENSION]
    network, about = _addressed(given.services, carrier, subject)
    callback = _verified(given.services, network, carrier, about)
    if callback.subject is not Subject.VOICE:
        given.intake.keep(callback)
        return Response(status=204)
    spoken = answer(given.services, given.reads, callback)
    told = Response(spoken.body, content_type=f"{spoken.media_type}; charset=utf-8")
    told.call_on_close(lambda: given.intake.note(callback))
    return told


@blueprint.errorhandler(NotKept)
@blueprint.errorhandler(OperationalError)
@blueprint.errorhandler(psycopg.OperationalError)
def _not_now(_: Exception) -> Response:
    """Answer 503, so that the carrier sends the callback again, or to its fallback."""
    return Response(status=503, headers={"Retry-After": "5"})


def _addressed(services: Services, carrier: str, subject: str) -> tuple[Network, Subject]:
    """The carrier and subject in the path; 404 for unknown ones."""
    known = services.carriers.get(carrier)
    if known is None or known.network is None or subject not in _SUBJECTS:
        abort(Response(status=404))
    return known.network, _SUBJECTS[subject]


def _verified(services: Services, network: Network, carrier: str, subject: Subject) -> Callback:
    """The callback, once its signature proves that the carrier sent exactly this; 403 otherwise."""
    body, query = _body(), request.environ.get("QUERY_STRING", "")
    if len(query) > LONGEST_QUERY:
        abort(Response(status=414))
    headers = {name.lower(): value for name, value in request.headers.items()}
    url = services.settings.public_base_url + raw_path(request.environ) + ("?" + query if query else "")
    if not network.callbacks.verify(subject, SignedRequest(url, headers, body)):
        abort(Response(status=403))
    return Callback(carrier, subject, query, body)


def _body() -> bytes:
    """The raw body; 413 if it is too large, whether or not its length was stated.

    Werkzeug refuses only by the stated length, and cuts off a body whose length was not stated.
    """
    request.max_content_length = LARGEST_BODY + 1
    body = request.get_data(cache=False)
    if len(body) > LARGEST_BODY:
        abort(Response(status=413))
    return body


def raw_path(environ: dict[str, str]) -> str:
    """The path as it was in the request line, which the signature covers; WSGI's own path is decoded.

    Servers pass it on under two names; without either, quoting the decoded path is the best approximation.
    """
    written = environ.get("RAW_URI") or environ.get("REQUEST_URI")
    if written:
        path = written if written.startswith("/") else urlsplit(written).path
        return path.partition("?")[0]
    return quote((environ.get("SCRIPT_NAME", "") + environ.get("PATH_INFO", "")).encode("latin-1"))
