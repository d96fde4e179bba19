"""Health checks of the process, for whatever runs it."""

import logging
from functools import cache

from flask import Blueprint

from service.probe import Probe
from service.web.shell.context import services

log = logging.getLogger(__name__)

blueprint = Blueprint("health", __name__)

Plain = tuple[str, int, dict[str, str]]
_PLAIN = {"Content-Type": "text/plain; charset=utf-8", "Cache-Control": "no-store"}


@blueprint.get("/healthz")
def alive() -> Plain:
    """Answer 200 while the process runs."""
    return "alive\n", 200, _PLAIN


@blueprint.get("/readyz")
def ready() -> Plain:
    """Answer 200 if this process can work with the database and the queue in it, else 503 and why."""
    trouble = _probe(services().settings.database_url).trouble()
    if trouble:
        log.warning("not ready", extra={"trouble": trouble})
        return f"{trouble}\n", 503, _PLAIN
    return "ready\n", 200, _PLAIN


@cache
def _probe(database_url: str) -> Probe:
    """One for each process and database."""
    return Probe(database_url)
