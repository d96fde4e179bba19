"""One event in the log for each request, and the id by which the request is found again in all that follows from it.

The id comes from the router in front (`X-Request-Id`), or is made here, and goes back with the answer. While a request
is answered, every event carries it as `request`.
"""

import logging
import re
from collections.abc import Iterable
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING, Any, Final
from uuid import uuid4

from flask import Flask
from structlog.contextvars import bound_contextvars
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.wsgi import ClosingIterator

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

from service.http_figures import HttpFigures

log = logging.getLogger(__name__)

_ID: Final = re.compile(r"[\w.-]{8,64}", re.ASCII)


def log_requests(app: Flask, routers: int, figures: HttpFigures) -> None:
    """Log and count the requests to an application and to all that was put around it.

    So many routers in front are believed what they say of the visitor's address, the scheme and the request's id.
    """
    app.wsgi_app = RequestLog(app.wsgi_app, figures, trusted=routers > 0)  # type: ignore[method-assign, assignment]
    if routers:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=routers, x_proto=routers)  # type: ignore[method-assign]


class RequestLog:
    """Stands around a WSGI application."""

    def __init__(self, app: "WSGIApplication", figures: HttpFigures, *, trusted: bool) -> None:
        self._app, self._figures, self._trusted = app, figures, trusted

    def __call__(self, environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        """Answer, and log the request once the answer has been sent."""
        request_id, began, status = self._id_of(environ), monotonic(), ["500"]

        def started(line: str, headers: list[tuple[str, str]], *rest: Any) -> Any:  # noqa: ANN401 -- as WSGI has it
            status[0] = line
            return start(line, [*headers, ("X-Request-Id", request_id)], *rest)

        with bound_contextvars(request=request_id):
            answer = self._app(environ, started)
        return ClosingIterator(answer, partial(self._end, environ, request_id, status, began))

    def _id_of(self, environ: "WSGIEnvironment") -> str:
        said = environ.get("HTTP_X_REQUEST_ID", "") if self._trusted else ""
        return said if _ID.fullmatch(said) else uuid4().hex

    def _end(self, environ: "WSGIEnvironment", request_id: str, status: list[str], began: float) -> None:
        """Count a request, and log it without its query, which may hold the words of a search."""
        path = environ.get("SCRIPT_NAME", "") + environ.get("PATH_INFO", "")
        code, seconds = int(status[0][:3]), monotonic() - began
        self._figures.count(path, code, seconds)
        told = {
            "request": request_id,
            "client": environ.get("REMOTE_ADDR", ""),
            "verb": environ["REQUEST_METHOD"],
            "path": path,
            "status": code,
            "seconds": round(seconds, 3),
        }
        log.info("request answered", extra=told)
