"""Choosing another day for a port: the possible days, and what the change costs."""

from typing import Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from service.errors import Invalid
from service.porting.models import PortProject
from service.porting.question_sets import COMMON, Questions
from service.web.shell.context import member_in_charge, services
from service.web.shell.form import Form
from service.web.shell.scoped import my_project
from service.web.transfer.acts import move_sent, must_be_movable
from service.web.transfer.draft_steps import days_to_choose
from service.web.transfer.forms import port_form
from service.web.transfer.story import closing_of

blueprint = Blueprint("reschedule", __name__, url_prefix="/ports/<public_id>/day")

Answer = str | Response | tuple[str, int]

_QUESTION: Final[Questions] = {"wished": COMMON["wished"]}


@blueprint.get("")
def ask(public_id: str) -> str:
    """The page that asks for another day."""
    with services().sessions.begin() as session:
        project = _movable(session, public_id)
        return _page(project, Form(port_form(_QUESTION), kept={"wished": project.wished}))


@blueprint.post("")
def change(public_id: str) -> Answer:
    """Ask the old operator for another day."""
    form = Form(port_form(_QUESTION), request.form)
    try:
        with services().sessions.begin() as session:
            move_sent(session, services(), _movable(session, public_id), form.data()["wished"])
    except Invalid as refusal:
        with services().sessions.begin() as session:
            return _page(_movable(session, public_id), form.refused(refusal)), 422
    flash(gettext("Thank you. We’re asking for that date."))
    return redirect(url_for("ports.show", public_id=public_id))


def _page(project: PortProject, form: Form) -> str:
    closing = closing_of(project, services())
    return render_template(
        "transfer/reschedule.html",
        project=project,
        form=form,
        question=COMMON["wished"],
        days=days_to_choose(project),
        closing=closing,
    )


def _movable(session: Session, public_id: str) -> PortProject:
    member_in_charge(session)
    project = my_project(session, public_id)
    must_be_movable(services(), project)
    return project
