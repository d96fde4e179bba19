"""The page of the workspace's data: the owner downloads all of it."""

from flask import Blueprint, Response, render_template
from sqlalchemy.orm import Session

from service.accounts.change_log import Action, note
from service.accounts.models import Member, Membership
from service.archives.writing import written
from service.errors import Forbidden
from service.time import now
from service.web.shell.context import member, services
from service.web.shell.security import limiter, signed_in_person

blueprint = Blueprint("archive", __name__, url_prefix="/settings/data")


@blueprint.get("/")
def show() -> str:
    """What the archive has, and the button."""
    with services().sessions.begin() as session:
        _owner(session)
    return render_template("team/archive.html")


@blueprint.post("/")
@limiter.limit("6/hour", key_func=signed_in_person)
def download() -> Response:
    """Send the archive while it is written."""
    with services().sessions.begin() as session:
        mine = _owner(session)
        note(session, workspace_id=mine.workspace_id, user_id=mine.user_id, action=Action.ALL_DOWNLOADED)
    name = f"portline-{now():%Y-%m-%d}.zip"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(written(services(), mine.workspace_id), mimetype="application/zip", headers=headers)


def _owner(session: Session) -> Member:
    mine = member(session)
    if mine.role is not Membership.OWNER:
        raise Forbidden("Only the owner can download everything.")
    return mine
