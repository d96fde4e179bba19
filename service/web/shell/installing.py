"""What makes the pages an app that can be installed: its manifest, and a worker for notices and without a network.

https://www.w3.org/TR/appmanifest/
"""

import json
from email.utils import parseaddr
from pathlib import Path
from typing import Final

from flask import Blueprint, Response, g, jsonify, render_template, request, url_for
from flask_babel import gettext

from service.brands import OURS
from service.language import Language
from service.web.shell.assets import asset, current_version
from service.web.shell.branding import address_here
from service.web.shell.context import services
from service.web.shell.languages import language

blueprint = Blueprint("installing", __name__)

GREEN: Final = "#12604a"
SAND: Final = "#f6f4ee"
"""The colors of the bar above the app, and behind it while it starts: `--green` and `--paper` in tokens.css."""


@blueprint.get("/manifest.webmanifest")
def manifest() -> Response:
    """The app's manifest. Its name is the platform's at this host, else the one that our mail comes from."""
    ours = parseaddr(services().settings.mail_from)[0] if address_here().name == OURS else ""
    name = ours or address_here().name
    answer = jsonify(
        id="/",
        name=name,
        short_name=name,
        start_url=url_for("inbox.show"),
        scope="/",
        display="standalone",
        lang=language().value,
        theme_color=GREEN,
        background_color=SAND,
        icons=[_icon("app.png", "any"), _icon("app-whole.png", "maskable")],
        shortcuts=[{"name": gettext("Inbox"), "url": url_for("inbox.show")}],
    )
    answer.mimetype = "application/manifest+json"
    return answer


@blueprint.get("/sw.js")
def worker() -> Response:
    """The script of the worker, with what it keeps: the page shown without a network, and what that is drawn with."""
    spoken = language().value
    drawn_with = [asset("portline.css"), asset("figtree.woff2"), url_for("static", filename="mark.svg")]
    kept = [url_for("installing.offline", language=spoken), *drawn_with]
    named = {
        "CACHE": f"offline-{current_version()}-{spoken}",
        "KEPT": kept,
        "ICON": url_for("static", filename="app.png"),
        "RENEWAL": url_for("push.renewal"),
    }
    script = (Path(__file__).parent / "static" / "worker.js").read_text()
    lines = [f"const {name} = {json.dumps(value)};\n" for name, value in named.items()]
    return Response(
        "".join(lines) + script, mimetype="text/javascript", headers={"Cache-Control": "private, max-age=3600"}
    )


@blueprint.get("/offline")
def offline() -> str:
    """The page shown without a network, in the `language` of the address: browsers ask for it without their cookies."""
    asked = request.args.get("language")
    g.language = asked if asked in list(Language) else None
    return render_template("shell/offline.html")


def _icon(name: str, purpose: str) -> dict[str, str]:
    address = url_for("static", filename=name)
    return {"src": address, "sizes": "512x512", "type": "image/png", "purpose": purpose}
