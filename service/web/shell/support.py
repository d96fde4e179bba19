"""What our staff see of a workspace whose owner lets them: pages to read, each of which is noted for the owner."""

from typing import Final

from flask import g, redirect, request, url_for
from flask import session as cookie
from flask_security import current_user
from werkzeug.wrappers import Response

from service.accounts.desk import platform_worked_for
from service.accounts.models import DESK
from service.accounts.support import access_by_id, note_view
from service.errors import Forbidden, NotFound
from service.web.shell.context import services, this_sign_in

READABLE: Final = frozenset(
    {
        "attachments.picture",
        "attachments.thumbnail",
        "call_log.latest",
        "call_log.show",
        "call_report.show",
        "callers.show",
        "changes.listing",
        "contacts.listing",
        "contacts.show",
        "cutover.progress",
        "cutover.show",
        "forwarding.show",
        "home.number",
        "home.show",
        "home.steps",
        "inbox.entries",
        "inbox.latest",
        "inbox.read",
        "inbox.show",
        "line.first",
        "line.show",
        "live.counts",
        "number.show",
        "numbers.latest",
        "numbers.listing",
        "plan.hours",
        "plan.step",
        "ports.calendar",
        "ports.listing",
        "ports.progress",
        "ports.show",
        "replies.listing",
        "search.hits",
        "search.show",
        "team.show",
    }
)
"""What support may open. Nothing here shows a secret, a PIN, a bill, a letter, a recording, or how people sign in."""

LEAVING: Final = frozenset({"signin.leave", "support_desk.leave"})


def look_only() -> Response | None:
    """While one of our staff looks into a workspace, refuse all but its pages to read, and note which are opened."""
    if request.endpoint in LEAVING:
        return None
    try:
        _note()
    except NotFound:
        cookie.pop("support")
        return redirect(url_for("support_desk.show"))
    return None


def _note() -> None:
    with services().sessions.begin() as session:
        access = access_by_id(session, cookie["support"])
        works_here = current_user.has_role(DESK) and not platform_worked_for(session, current_user.id)
        if not works_here or not this_sign_in().second_step:
            raise NotFound("Support access to this workspace has ended.")
        if request.method not in {"GET", "HEAD"} or request.endpoint not in READABLE:
            raise Forbidden("With support access you can only look, and not at this.")
        note_view(session, access, current_user.id, request.path)
        g.support = access.workspace_id
