"""What a request to a page may be: a form or a link as browsers send them. All else is refused before any view."""

from flask import Flask, Request, abort, request
from werkzeug.routing import IntegerConverter, Map

from service.db import LARGEST_ID


class PageRequest(Request):
    """A request to a page, which never is JSON: no library has to parse what a stranger nests a million deep."""

    @property
    def is_json(self) -> bool:
        """Never."""
        return False


class RowId(IntegerConverter):
    """An id in an address; one that no row can have leads nowhere."""

    def __init__(self, map: Map) -> None:  # noqa: A002 -- the library's name
        super().__init__(map, min=1, max=LARGEST_ID)


def accept_only_what_browsers_send(app: Flask) -> None:
    """Refuse what the database could not keep: NUL in any part of a request, and ids beyond its numbers."""
    app.request_class = PageRequest
    app.url_map.converters["int"] = RowId
    app.before_request(_refuse_nul)


def row_id(typed: str) -> int:
    """An id that was sent in a query or form. Raises `ValueError` where no row can have it."""
    found = int(typed)
    if not 0 <= found <= LARGEST_ID:
        raise ValueError(typed)
    return found


def _refuse_nul() -> None:
    """No browser sends NUL, and PostgreSQL keeps no text with it."""
    sent = [request.path, *request.args, *request.form, *(file.filename or "" for file in request.files.values())]
    values = [value for _, value in [*request.args.items(multi=True), *request.form.items(multi=True)]]
    if any("\0" in text for text in (*sent, *values)):
        abort(400)
