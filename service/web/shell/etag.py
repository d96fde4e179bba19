"""Answers for pages that ask again and again: "nothing new" costs one look at the database and no page."""

from collections.abc import Callable
from hashlib import sha256
from typing import Final

from flask import make_response, request
from werkzeug.wrappers import Response

from service.time import real_time
from service.web.shell.languages import language

RENEWED: Final = 30
"""Seconds after which a part is rendered anew in any case.

Changes are seen by the clock of whoever made them, so one that commits late may hide behind a later one.
"""


def unless_changed(version: object, render: Callable[[], str]) -> Response:
    """What `render` makes, or 304 to a browser that has the same `version` of it already."""
    slot = int(real_time().timestamp()) // RENEWED
    mark = sha256(f"{version} {language()} {slot}".encode()).hexdigest()[:24]
    same = request.if_none_match.contains(mark)
    answer = make_response("" if same else render(), 304 if same else 200)
    answer.set_etag(mark)
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer
