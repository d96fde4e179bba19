"""The application that the benchmarks load: the service, and for comparison a route `/nothing` that answers 204."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from flask import Flask, Response

from service.app import create_app
from service.wiring import wire

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


def create() -> "WSGIApplication":
    """Build both applications behind one entry point; each worker of gunicorn calls this once."""
    service = create_app(wire())
    nothing = Flask("nothing")
    nothing.add_url_rule("/nothing", view_func=lambda: Response(status=204), methods=["POST"])

    def either(environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        return (nothing if environ["PATH_INFO"] == "/nothing" else service)(environ, start)

    return either
