"""What a page needs to show changes at once: where it hears of them (`service/live/`), and the counts beside it."""

from flask import Blueprint, Flask, g

from service.web.shell.context import services, this_sign_in
from service.web.shell.sidebar import sidebar

blueprint = Blueprint("live", __name__)


def add_live(app: Flask) -> None:
    """Let templates ask where the page hears of changes."""
    app.register_blueprint(blueprint)
    app.add_template_global(hints_at)


def hints_at() -> str:
    """Where the page hears of what changes after it was read; "" if no process says it, or nobody is signed in."""
    url = services().settings.live_url
    return f"{url}?since={this_sign_in().snapshot}" if url and "sign_in" in g else ""


@blueprint.get("/counts")
def counts() -> dict[str, int]:
    """How many conversations have something new for the person, and how many are open on each line (`line-7`)."""
    side = sidebar()
    if side is None:
        return {"unread": 0}
    return {"unread": side.unread} | {f"line-{line.id}": line.waiting.open for line in side.lines}
