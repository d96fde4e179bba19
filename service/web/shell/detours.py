"""Another page first: signing in, or its second step, and then what was wanted."""

from urllib.parse import urlsplit

from flask import redirect, request, session, url_for
from werkzeug.wrappers import Response

from service.web.shell.fields import local_path


def by_way_of(endpoint: str) -> Response:
    """Go to another page first; what was wanted is shown after it."""
    if request.method == "GET":
        session["came_for"] = request.full_path.rstrip("?")
    elif back := local_path(urlsplit(request.referrer or "").path):
        session["came_for"] = back
    return redirect(url_for(endpoint))


def wanted() -> str:
    """The path of the page that was wanted before the detour, or the front page."""
    return local_path(session.get("came_for", "/"))
