"""Pages about one transfer within a page of a platform: where it is, and the form with what it still asks.

Browsers send no cookies there. The link alone says what may be seen and written, so a form needs no token besides it:
a stranger who could send the form could open the page.
"""

from flask import Blueprint, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from service.errors import IllegalTransition, Invalid
from service.porting.details import add_bill, revise
from service.porting.embedded import EmbeddedPage, frames_for, project_embedded_as
from service.porting.models import PortProject
from service.porting.needs import asked
from service.porting.queries import state_of
from service.porting.question_sets import Questions, optional
from service.porting.rollup import ProjectState
from service.web.shell.branding import show_workspace
from service.web.shell.context import services
from service.web.shell.form import Form
from service.web.shell.languages import use_language
from service.web.shell.security import limiter, may_be_framed, without_cookies
from service.web.transfer.forms import port_form
from service.web.transfer.tracking import calendar_file, page_outside
from service.web.transfer.uploads import let_photos_in, uploaded_bill

blueprint = Blueprint("embedded", __name__, url_prefix="/embedded")
blueprint.url_value_preprocessor(let_photos_in)

Answer = str | Response | tuple[str, int]


@blueprint.get("/status/<token>")
@limiter.limit("60/minute")
def status(token: str) -> str:
    """Where the transfer is."""
    return _status(token, "transfer/embedded_status.html")


@blueprint.get("/status/<token>/progress")
@limiter.limit("60/minute")
def progress(token: str) -> str:
    """The part of the page that is reloaded."""
    return _status(token, "transfer/_progress.html")


@blueprint.get("/status/<token>/move.ics")
@limiter.limit("60/minute")
def calendar(token: str) -> Response:
    """Download the committed dates for a calendar."""
    with services().sessions.begin() as session:
        return calendar_file(_embedded(session, token, EmbeddedPage.STATUS))


@blueprint.get("/form/<token>")
@limiter.limit("60/minute")
def form(token: str) -> str:
    """What the draft asks. No answer is shown that somebody gave before."""
    with services().sessions.begin() as session:
        project = _draft(session, token)
        return _page(project, Form(port_form(_questions(project))))


@blueprint.post("/form/<token>")
@without_cookies
@limiter.limit("60/hour")
def give(token: str) -> Answer:
    """Save answers. One that is empty changes nothing."""
    with services().sessions.begin() as session:
        project = _draft(session, token)
        typed, workspace_id = Form(port_form(_questions(project)), request.form), project.workspace_id
    try:
        bill = uploaded_bill(workspace_id)
        with services().sessions.begin() as session:
            project = _draft(session, token, lock=True)
            revise(session, project, {name: value for name, value in typed.data().items() if value})
            if bill:
                add_bill(session, project, bill)
    except Invalid as refusal:
        with services().sessions.begin() as session:
            return _page(_draft(session, token), typed.refused(refusal)), 422
    return redirect(url_for(".form", token=token, saved="yes"))


def _status(token: str, template: str) -> str:
    with services().sessions.begin() as session:
        project = _embedded(session, token, EmbeddedPage.STATUS)
        return page_outside(session, project, template, url_for(".status", token=token), token)


def _draft(session: Session, token: str, *, lock: bool = False) -> PortProject:
    """The draft of a form's link. Raises `IllegalTransition` once it was sent."""
    project = _embedded(session, token, EmbeddedPage.FORM)
    if lock:
        session.refresh(project, with_for_update=True)
    if state_of(project) is not ProjectState.DRAFT:
        raise IllegalTransition("This has already been sent to the provider. You don’t need to do anything else.")
    return project


def _embedded(session: Session, token: str, page: EmbeddedPage) -> PortProject:
    """The transfer of a link, in its language, on a page that its platform may frame."""
    project = project_embedded_as(session, services(), token, page)
    may_be_framed(frames_for(session, project))
    show_workspace(project.workspace)
    use_language(project.language)
    return project


def _questions(project: PortProject) -> Questions:
    """Who owns the number decides what else is asked, and days to wish for come and go: the platform sets both."""
    left_out = {"subscriber_kind", "wished"}
    return optional({name: question for name, question in asked(project).items() if name not in left_out})


def _page(project: PortProject, form: Form) -> str:
    questions = _questions(project)
    given = {name for name in questions if name != "bill" and getattr(project, name)}
    return render_template(
        "transfer/embedded_form.html",
        project=project,
        form=form,
        questions=questions,
        given=given | ({"bill"} if project.documents else set()),
        saved="saved" in request.args,
    )
