"""Callbacks come in here: `POST /webhooks/<carrier>/<subject>`. They are checked, stored, answered, and read later.

Only a ringing call is answered with content, because it needs its next steps now. This is a WSGI application of its own
in front of the pages, without a framework: the busiest path has two kinds of answers and needs no more.
"""

import logging
from collections.abc import Iterable
from contextlib import suppress
from http import HTTPStatus
from typing import IO, TYPE_CHECKING, Final
from urllib.parse import quote, urlsplit

import psycopg
from flask import Flask
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.wsgi import ClosingIterator, get_input_stream

from provisioning.contract.callbacks import SignedRequest, Subject
from provisioning.contract.carrier import Network
from service.callback_marks import is_marked
from service.services import Services
from service.time import now
from webhooks.connections import Connections
from webhooks.intake import Callback, Intake, NotKept
from webhooks.voice import answer

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

log = logging.getLogger(__name__)

LARGEST_BODY: Final = 64 * 1024
LONGEST_QUERY: Final = 500

_SUBJECTS: Final = {subject.value: subject for subject in Subject}


class _Refused(Exception):
    """The request is turned away with this status, and nothing of it is kept."""

    def __init__(self, status: HTTPStatus, *headers: tuple[str, str]) -> None:
        super().__init__(status)
        self.status, self.headers = status, list(headers)


def register(app: Flask, services: Services) -> None:
    """Add the webhooks to an application, under `/webhooks`."""
    door = app.extensions["webhooks"] = Door(services)
    # Flask's documented way to put something around or beside an application
    app.wsgi_app = DispatcherMiddleware(app.wsgi_app, {"/webhooks": door})  # type: ignore[method-assign]


class Door:
    """Takes callbacks of all carriers, as WSGI asks an application to be called."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._intake = Intake(services.settings.direct_url)
        self._reads = Connections(services.settings.direct_url)

    def open(self) -> None:
        """Connect to the database before the first callback; if it is away now, the callback itself tries again."""
        with suppress(psycopg.OperationalError):
            self._intake.open()
            self._reads.open()

    def __call__(self, environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        """Answer one request; 503, if it was not stored, so that the carrier sends it again, or to its fallback."""
        try:
            network, callback = self._verified(environ)
            if callback.subject is Subject.VOICE:
                return self._spoken(callback, start)
            self._intake.keep(callback)
        except _Refused as refused:
            return _empty(start, refused.status, *refused.headers)
        except (NotKept, psycopg.OperationalError):
            log.exception("callback refused without database")
            return _empty(start, HTTPStatus.SERVICE_UNAVAILABLE, ("Retry-After", "5"))
        return _empty(start, network.callbacks.thanks)

    def _verified(self, environ: "WSGIEnvironment") -> tuple[Network, Callback]:
        """Who sent the callback, once it is proven that they sent exactly this, to this address; 403 otherwise."""
        network, carrier, subject = self._addressed(environ["PATH_INFO"])
        if environ["REQUEST_METHOD"] != "POST":
            raise _Refused(HTTPStatus.METHOD_NOT_ALLOWED, ("Allow", "POST"))
        query, body = environ.get("QUERY_STRING", ""), _body(environ)
        if len(query) > LONGEST_QUERY:
            raise _Refused(HTTPStatus.REQUEST_URI_TOO_LONG)
        url = self._services.settings.public_base_url + raw_path(environ) + ("?" + query if query else "")
        if not network.callbacks.verify(subject, SignedRequest(url, _headers(environ), body), now()):
            raise _Refused(HTTPStatus.FORBIDDEN)
        keys = self._services.marking_keys(carrier)
        if keys and not is_marked(f"{carrier}/{subject}", query, keys):
            raise _Refused(HTTPStatus.FORBIDDEN)
        return network, Callback(carrier, subject, query, body)

    def _addressed(self, path: str) -> tuple[Network, str, Subject]:
        """The carrier and subject in the path; 404 for unknown ones."""
        carrier, _, subject = path.removeprefix("/").partition("/")
        known = self._services.carriers.get(carrier)
        if known is None or known.network is None or subject not in _SUBJECTS:
            raise _Refused(HTTPStatus.NOT_FOUND)
        return known.network, carrier, _SUBJECTS[subject]

    def _spoken(self, callback: Callback, start: "StartResponse") -> Iterable[bytes]:
        """The next steps of a call; its arrival is noted once they have been sent."""
        spoken = answer(self._services, self._reads, callback)
        body = spoken.body.encode()
        start("200 OK", [("Content-Type", f"{spoken.media_type}; charset=utf-8"), _length(body)])
        return ClosingIterator([body], lambda: self._intake.note(callback))


def _empty(start: "StartResponse", status: HTTPStatus, *headers: tuple[str, str]) -> Iterable[bytes]:
    lengths = [] if status is HTTPStatus.NO_CONTENT else [_length(b"")]
    start(f"{status.value} {status.phrase}", [*headers, *lengths])
    return ()


def _length(body: bytes) -> tuple[str, str]:
    return "Content-Length", str(len(body))


def _headers(environ: "WSGIEnvironment") -> dict[str, str]:
    """The headers by their names in lower case; the type of the body comes without `HTTP_`."""
    headers = {key[5:].replace("_", "-").lower(): environ[key] for key in environ if key.startswith("HTTP_")}
    return headers | {"content-type": environ.get("CONTENT_TYPE", "")}


def _body(environ: "WSGIEnvironment") -> bytes:
    """The raw body; 413 if it is too large, whether or not its length was stated.

    Werkzeug refuses only by the stated length, and cuts off a body whose length was not stated.
    """
    try:
        stream: IO[bytes] = get_input_stream(environ, max_content_length=LARGEST_BODY + 1)
        body = stream.read()
    except RequestEntityTooLarge as error:
        raise _Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE) from error
    except HTTPException as error:  # the sender has hung up in the middle
        raise _Refused(HTTPStatus.BAD_REQUEST) from error
    if len(body) > LARGEST_BODY:
        raise _Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    return body


def raw_path(environ: "WSGIEnvironment") -> str:
    """The path as it was in the request line, which the signature covers; WSGI's own path is decoded.

    Servers pass it on under two names; without either, quoting the decoded path is the best approximation.
    """
    written = environ.get("RAW_URI") or environ.get("REQUEST_URI")
    if written:
        path = written if written.startswith("/") else urlsplit(written).path
        return path.partition("?")[0]
    return quote((environ.get("SCRIPT_NAME", "") + environ.get("PATH_INFO", "")).encode("latin-1"))
