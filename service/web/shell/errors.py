"""Error pages. One table gives each refusal its status."""

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

STATUSES: Final[Mapping[type[ServiceError], int]] = {
    NotFound: 404,
    Forbidden: 403,
    Conflict: 409,
    Invalid: 422,
    TooMany: 429,
}

_TITLES: Final[Mapping[int, str]] = {
    400: "That did not arrive as it should",
    403: "This is not yours to do",
    404: "There is nothing here",
    405: "There is nothing here",
    409: "That cannot be done now",
    413: "That file is too large",
    422: "Something in it is not right",
    429: "Not so fast",
    500: "That is our fault",
    503: "We will be back in a moment",
}

_ADVICE: Final[Mapping[int, str]] = {
    400: "Go back, load the page again and send it once more.",
    404: "The address may be wrong, or what was here is gone.",
    405: "The address may be wrong, or what was here is gone.",
    413: "Files may have up to 10 MB. Go back and choose a smaller one.",
    429: "That was tried too often. Wait a while, then try again.",
    500: "Something went wrong on our side and we have been told. Nothing you sent is half done.",
    503: "Something we need is not there for the moment. Try again shortly; nothing is lost.",
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
    return _page(400, "The page was open for too long. Go back, load it again and send it once more.")


def _http(error: HTTPException) -> Page | HTTPException:
    if error.code is None or error.code not in _TITLES:
        return error
    return _page(error.code, "")


def _database_away(error: OperationalError) -> Page:
    g.setdefault("_login_user", None)  # or Flask-Login asks the database again, who this is
    spoken = request.accept_languages.best_match(list(Language), Language.ENGLISH)
    with force_locale(spoken):  # the person's language is in the database, which is away
        return _page(503, "")


def _media_away(_: MediaAway) -> Page:
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
