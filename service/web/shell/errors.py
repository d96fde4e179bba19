"""Error pages. One table gives each refusal its status."""

import logging
from collections.abc import Mapping
from typing import Final

from flask import Flask, g, render_template, request
from flask_babel import force_locale, gettext
from flask_security import current_user
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from werkzeug.exceptions import HTTPException

from service.errors import Conflict, Forbidden, Invalid, NotFound, ServiceError, TooMany
from service.language import Language
from service.media import MediaAway

log = logging.getLogger(__name__)

STATUSES: Final[Mapping[type[ServiceError], int]] = {
    NotFound: 404,
    Forbidden: 403,
    Conflict: 409,
    Invalid: 422,
    TooMany: 429,
}

_TITLES: Final[Mapping[int, str]] = {
    400: "That didn’t come through",
    403: "You don’t have access to that",
    404: "We can’t find that",
    405: "We can’t find that",
    409: "You can’t do that right now",
    413: "That file is too large",
    422: "Please check what you entered",
    429: "Too many tries",
    500: "Something broke on our side",
    503: "We’ll be right back",
}

_ADVICE: Final[Mapping[int, str]] = {
    400: "Go back, reload the page, and send it again.",
    404: "Check the address. The page may have moved or been removed.",
    405: "Check the address. The page may have moved or been removed.",
    413: "Files can be up to 10 MB. Go back and choose a smaller one.",
    429: "Please wait a few minutes, then try again.",
    500: "We’ve been alerted. Nothing you sent is half done. Go back and try again.",
    503: "Part of our service is unavailable for a moment. Nothing is lost. Try again shortly.",
}

Page = tuple[str, int]


def add_error_pages(app: Flask) -> None:
    """Answer each refusal with a page that says what to do. Carriers' callbacks have answers of their own."""
    app.register_error_handler(ServiceError, _refused)
    app.register_error_handler(CSRFError, _stale)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(OperationalError, _database_away)
    app.register_error_handler(MediaAway, _media_away)


def status_of(refusal: ServiceError) -> int:
    """The HTTP status of a refusal."""
    return next(status for kind, status in STATUSES.items() if isinstance(refusal, kind))


def _refused(refusal: ServiceError) -> Page:
    return _page(status_of(refusal), str(refusal))


def _stale(_: CSRFError) -> Page:
    return _page(400, "This page was open too long. Go back, reload it, and send it again.")


def _http(error: HTTPException) -> Page | HTTPException:
    if error.code is None or error.code not in _TITLES:
        return error
    return _page(error.code, "")


def _database_away(error: OperationalError) -> Page:
    log.error("page without database", exc_info=error)
    g.setdefault("_login_user", None)  # or Flask-Login asks the database again, who this is
    spoken = request.accept_languages.best_match(list(Language), Language.ENGLISH)
    with force_locale(spoken):  # the person's language is in the database, which is away
        return _page(503, "")


def _media_away(error: MediaAway) -> Page:
    log.error("page without stored files", exc_info=error)
    return _page(503, "")


def _page(status: int, reason: str) -> Page:
    words = reason or _ADVICE.get(status, "")
    return _rendered(title=gettext(_TITLES[status]), words=words and gettext(words)), status


def _rendered(**words: str) -> str:
    """An error page, with the navigation for who is signed in, as far as the database can be asked."""
    try:
        known = getattr(current_user, "is_authenticated", False)
        frame = "shell/layout.html" if known else "shell/bare.html"
        return render_template("shell/error.html", frame=frame, **words)
    except SQLAlchemyError:
        return render_template("shell/error.html", frame="shell/bare.html", **words)
