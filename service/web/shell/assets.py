"""The style sheet, a script, the icons and the font, each put together once a process out of its parts.

Their addresses carry a hash of all three, so that browsers keep them for a year and ask again after a change.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Final

import fontpkg
from flask import Blueprint, Flask, Response, url_for
from markupsafe import Markup
from werkzeug.exceptions import NotFound

from service.web.shell.icons import ICONS, sheet

if TYPE_CHECKING:
    from fontTools.ttLib import TTFont

blueprint = Blueprint("assets", __name__)

STYLES: Final = (
    "tokens",
    "base",
    "controls",
    "parts",
    "shell",
    "search",
    "inbox",
    "calls",
    "phone",
    "lines",
    "transfer",
    "front",
)
"""The parts of the style sheet, in `static/styles`, in the order in which they follow each other."""

SCRIPTS: Final = ("portline", "keys", "palette", "live", "install")
"""The parts, in `static`, of the script of all pages behind the sign-in: one file of them weighs less than five."""

FACE: Final = "Figtree"
"""Variable, so that one file has every weight; its license (OFL 1.1) allows to cut and to serve it."""

_LETTERS: Final = (
    *range(0x20, 0x7F),
    *range(0xA0, 0x180),
    *(ord(sign) for sign in "‐‑–—‘’“”‚„•…‹›€™−"),
)
_HYPHEN, _UNBROKEN_HYPHEN = 0x2D, 0x2011
_YEAR: Final = "public, max-age=31536000, immutable"


def add_assets(app: Flask) -> None:
    """Let templates name an asset by `asset("portline.css")`, and draw an icon by `icon("inbox")`."""
    app.register_blueprint(blueprint)
    for global_ in (asset, icon):
        app.add_template_global(global_)


def asset(name: str) -> str:
    """The address of an asset."""
    return url_for("assets.serve", version=current_version(), name=name)


def icon(name: str) -> Markup:
    """An icon beside words that say the same. Raises `ValueError` for one that `ICONS` lacks."""
    if name not in ICONS:
        raise ValueError(f"ICONS lacks {name}")
    return Markup('<svg class="icon" aria-hidden="true"><use href="{}#{}"/></svg>').format(asset("icons.svg"), name)


@blueprint.get("/assets/<version>/<name>")
def serve(version: str, name: str) -> Response:
    """Serve an asset as it is now, to be kept if its address has the hash of today."""
    if name not in _ASSETS:
        raise NotFound
    make, mimetype = _ASSETS[name]
    answer = Response(make(), mimetype=mimetype)
    if version == current_version():
        answer.headers["Cache-Control"] = _YEAR
    return answer


@cache
def current_version() -> str:
    """The hash of all assets."""
    return sha256(b"".join(make() for make, _ in _ASSETS.values())).hexdigest()[:12]


@cache
def _styles() -> bytes:
    return _joined(f"styles/{name}.css" for name in STYLES)


@cache
def _scripts() -> bytes:
    return _joined(f"{name}.js" for name in SCRIPTS)


def _joined(names: Iterable[str]) -> bytes:
    folder = Path(__file__).parent / "static"
    return "\n".join((folder / name).read_text() for name in names).encode()


def _icons() -> bytes:
    return sheet().encode()


@cache
def _font() -> bytes:
    """The font's Latin letters, in its variable weight, with digits of one width."""
    from fontTools.subset import Options, Subsetter
    from fontTools.ttLib import TTFont

    with TTFont(fontpkg.path(FACE)) as font:
        _add_unbroken_hyphen(font)
        options = Options()
        options.layout_features = ["kern", "liga", "tnum", "mark", "ccmp", "locl"]
        subsetter = Subsetter(options)
        subsetter.populate(unicodes=_LETTERS)
        subsetter.subset(font)
        font.flavor = "woff2"
        cut = BytesIO()
        font.save(cut)
    return cut.getvalue()


def _add_unbroken_hyphen(font: "TTFont") -> None:
    """Draw the hyphen of telephone numbers, which no line break divides, as the usual one: the font lacks it."""
    for table in font["cmap"].tables:
        if table.isUnicode():
            table.cmap[_UNBROKEN_HYPHEN] = table.cmap[_HYPHEN]


_ASSETS: Final[Mapping[str, tuple[Callable[[], bytes], str]]] = {
    "portline.css": (_styles, "text/css"),
    "signed-in.js": (_scripts, "text/javascript"),
    "icons.svg": (_icons, "image/svg+xml"),
    "figtree.woff2": (_font, "font/woff2"),
}
