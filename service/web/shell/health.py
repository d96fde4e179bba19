"""Health checks of the process, for whatever runs it."""

from flask import Blueprint
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from service.web.shell.context import services

blueprint = Blueprint("health", __name__)

Plain = tuple[str, int, dict[str, str]]
_PLAIN = {"Content-Type": "text/plain; charset=utf-8", "Cache-Control": "no-store"}


@blueprint.get("/healthz")
def alive() -> Plain:
    """Answer 200 while the process runs."""
    return "alive\n", 200, _PLAIN


@blueprint.get("/readyz")
def ready() -> Plain:
    """Answer 200 if the database and the queue in it can be reached, else 503."""
    try:
        with services().sessions.begin() as session:
            session.execute(text("SELECT 1 FROM procrastinate_jobs LIMIT 1"))
    except SQLAlchemyError:
        return "the database or its queue is away\n", 503, _PLAIN
    return "ready\n", 200, _PLAIN
