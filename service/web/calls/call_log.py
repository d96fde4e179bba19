"""The page of calls: all, missed ones or voicemails, on all lines or one, or those that match a search."""

from collections.abc import Iterable
from typing import Any

from flask import Blueprint, render_template, request
from flask import session as cookie
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from service.accounts.access import lines_read_by
from service.accounts.models import Member
from service.calls.log import CallView, call_log, new_voicemails
from service.inbox.listing import pulse
from service.lines.models import Line, Phone
from service.phone_numbers import is_dialable
from service.web.shell.context import member, services
from service.web.shell.etag import unless_changed
from service.web.shell.requests import row_id

blueprint = Blueprint("call_log", __name__, url_prefix="/calls")


@blueprint.get("/")
def show() -> str:
    """The page of calls. `view` in the address chooses which, `line` one line's, `q` what is sought."""
    with services().sessions.begin() as session:
        return render_template("calls/calls.html", **_listed(session, member(session)))


@blueprint.get("/list")
def latest() -> Response:
    """The list alone, which the page reloads. Answers 304 if nothing changed."""
    with services().sessions.begin() as session:
        here = member(session)
        version = pulse(session, lines_read_by(session, here)), request.full_path, here.id
        return unless_changed(version, lambda: render_template("calls/_list.html", **_listed(session, here)))


def _listed(session: Session, here: Member) -> dict[str, Any]:
    lines, chosen = lines_read_by(session, here), request.args.get("line", 0, row_id)
    only = [line for line in lines if line.id == chosen]
    view = CallView(request.args["view"]) if request.args.get("view") in list(CallView) else CallView.ALL
    before, wanted = request.args.get("before", ""), request.args.get("q", "").strip()[:100]
    log = call_log(session, here, only or lines, view, before, wanted)
    return {
        "lines": [line for line in lines if not line.removed_at],
        "only": only[0].id if only else None,
        "view": view,
        "before": before,
        "q": wanted,
        "log": log,
        "new": new_voicemails(session, only or lines),
        "rung_first": _rung_first(here, {row.call.conversation.line for row in log.rows}),
        "dialable": is_dialable,
    }


def _rung_first(here: Member, lines: Iterable[Line]) -> dict[int, Phone]:
    """The phone that rings first when somebody is called back, by its line's id; lines without phones are left out.

    It is the one that the person called from last, or their own, or the line's first.
    """

    def other(phone: Phone) -> tuple[bool, bool]:
        return phone.id != cookie.get("calls_from"), phone.user_id != here.user_id

    phones = {line.id: [one for one in line.phones if not one.in_browser] for line in lines}
    return {line_id: min(there, key=other) for line_id, there in phones.items() if there}
