"""The public status page of a port, opened by a link without an account: no name, address, mailbox or code is shown."""

from flask import Blueprint, flash, redirect, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from service.accounts.change_log import Action
from service.porting.models import PortProject
from service.porting.signed_links import end_link, project_shared_as, share
from service.web.shell.branding import show_workspace
from service.web.shell.context import member_in_charge, services
from service.web.shell.languages import use_language
from service.web.shell.scoped import my_project
from service.web.shell.security import limiter
from service.web.transfer.port_log import note_port
from service.web.transfer.tracking import calendar_file, page_outside

blueprint = Blueprint("status_page", __name__)


@blueprint.get("/where/<token>")
@limiter.limit("60/minute")
def show(token: str) -> str:
    """The public status page of a port."""
    return _shown(token, "transfer/status_page.html")


@blueprint.get("/where/<token>/progress")
@limiter.limit("60/minute")
def progress(token: str) -> str:
    """The part of the status page that is reloaded."""
    return _shown(token, "transfer/_progress.html")


@blueprint.get("/where/<token>/move.ics")
@limiter.limit("60/minute")
def calendar(token: str) -> Response:
    """Download the committed dates for a calendar."""
    with services().sessions.begin() as session:
        return calendar_file(_shared(session, token))


@blueprint.post("/ports/<public_id>/link")
def begin(public_id: str) -> Response:
    """Make a link to the status page."""
    with services().sessions.begin() as session:
        member_in_charge(session)
        project = my_project(session, public_id)
        share(project)
        note_port(session, project, Action.STATUS_LINK_MADE)
    flash(gettext("Link created. Send it to anyone who should follow the transfer."))
    return redirect(url_for("ports.show", public_id=public_id))


@blueprint.post("/ports/<public_id>/link/end")
def end(public_id: str) -> Response:
    """End every link to the status page that was made so far."""
    with services().sessions.begin() as session:
        member_in_charge(session)
        project = my_project(session, public_id)
        end_link(project)
        note_port(session, project, Action.STATUS_LINK_REVOKED)
    flash(gettext("Link turned off. People need to sign in to see this page."))
    return redirect(url_for("ports.show", public_id=public_id))


def _shown(token: str, template: str) -> str:
    with services().sessions.begin() as session:
        project = _shared(session, token)
        return page_outside(session, project, template, url_for(".show", token=token), token)


def _shared(session: Session, token: str) -> PortProject:
    project = project_shared_as(session, services(), token)
    show_workspace(project.workspace)
    use_language(project.language)
    return project
