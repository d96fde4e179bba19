"""The review page of a draft, from which the port is sent."""

from collections import Counter

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from service.accounts.change_log import Action
from service.errors import Invalid, NotFound
from service.porting.bill_check import reading_of
from service.porting.bills import read_soon
from service.porting.checks import missing
from service.porting.details import revise
from service.porting.details_requests import open_requests
from service.porting.models import PortProject
from service.porting.needs import asked, operator_of
from service.porting.projects import submit
from service.time import now
from service.web.shell.context import services
from service.web.shell.form import Form
from service.web.transfer.forms import AgreeForm
from service.web.transfer.port_log import note_port
from service.web.transfer.prospect import prospect
from service.web.transfer.questions import TITLES, step_link
from service.web.transfer.steps import my_draft

blueprint = Blueprint("review", __name__, url_prefix="/ports/<public_id>")


@blueprint.get("/review")
def show(public_id: str) -> str:
    """The review page: what will be sent, and the statements to agree to."""
    with services().sessions.begin() as session:
        return _page(session, my_draft(session, public_id), Form(AgreeForm()))


@blueprint.get("/bill")
def bill(public_id: str) -> str:
    """What was read on the bill, the part of the review page that is reloaded."""
    with services().sessions.begin() as session:
        project = my_draft(session, public_id)
        reading = reading_of(project)
        if reading is None:
            raise NotFound("There is no bill yet.")
        return render_template(
            "transfer/_bill.html", project=project, reading=reading, titles=TITLES, questions=asked(project)
        )


@blueprint.post("/bill/again")
def read_again(public_id: str) -> Response:
    """Have the bill read once more."""
    with services().sessions.begin() as session:
        for document in my_draft(session, public_id).documents[-1:]:
            read_soon(session, document)
    flash(gettext("We are reading your bill again. The review shows what we find."))
    return redirect(url_for("review.show", public_id=public_id))


@blueprint.post("/review")
def send(public_id: str) -> Response | tuple[str, int]:
    """Send the port."""
    form = Form(AgreeForm(), request.form)
    try:
        form.data()
        with services().sessions.begin() as session:
            project = my_draft(session, public_id)
            revise(session, project, {"agreed_at": now()})
            submit(session, services(), project)
            note_port(session, project, Action.PORT_SENT)
    except Invalid as refusal:
        with services().sessions.begin() as session:
            return _page(session, my_draft(session, public_id), form.refused(refusal)), 422
    flash(gettext("Thank you. We have your request and send it now. We write to you at every step."))
    return redirect(url_for("ports.show", public_id=public_id))


def _page(session: Session, project: PortProject, form: Form) -> str:
    numbers = {number.number for number in project.numbers}
    return render_template(
        "transfer/review.html",
        prospect=prospect(session, project),
        project=project,
        form=form,
        titles=TITLES,
        lines=list(Counter("" if one.opens_line else one.line.name for one in project.numbers).items()),
        elsewhere={name: step_link(project, name) for name in form.errors},
        lacking=_lacking(project),
        reading=reading_of(project),
        questions=asked(project),
        asked_of=open_requests(project),
        now=now(),
        stale_pin=_pin_is_stale(project),
        moving=project.contact_number in numbers,
    )


def _lacking(project: PortProject) -> list[tuple[str, str]]:
    """What is still missing, each with the path of the step where it is asked ("" where no step does)."""
    return [
        (sentence, step_link(project, field))
        for field, sentences in missing(project).items()
        for sentence in sentences
        if field != "agreed"
    ]


def _pin_is_stale(project: PortProject) -> bool:
    return bool(project.pin and project.pin_at and now() - project.pin_at > operator_of(project).pin_life)
