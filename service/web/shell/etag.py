"""ETags for parts of pages that are reloaded: an unchanged part costs one query and no rendering.

Browsers keep no part, so the script that reloads them sends the ETag (`portline.js`).
"""

from collections.abc import Callable
from hashlib import sha256
from typing import Final

from flask import make_response, request
from werkzeug.wrappers import Response

from service.time import real_time
from service.web.shell.languages import language

RENEWED: Final = 30
"""Seconds after which a part is rendered even if it seems unchanged.

A change gets its time before it commits, so one that commits late can have an earlier time than one already seen.
"""


def unless_changed(version: object, render: Callable[[], str]) -> Response:
    """Render a part, or answer 304 if the browser has this `version` in this language already."""
    slot = int(real_time().timestamp()) // RENEWED
    mark = sha256(f"{version} {language()} {slot}".encode()).hexdigest()[:24]
    same = request.if_none_match.contains(mark)
    answer = make_response("" if same else render(), 304 if same else 200)
    answer.set_etag(mark)
    answer.headers["Cache-Control"] = "no-store"
    return answer
