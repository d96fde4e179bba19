"""Pages of ports: the list, one port, mending a rejected one, and canceling."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from service.accounts.models import IN_CHARGE
from service.desk.questions import open_question
from service.errors import Invalid
from service.porting.choice import porting_of
from service.porting.details import add_bill
from service.porting.estimate import estimate
from service.porting.letters import ON_THE_LETTER
from service.porting.models import PortProject
from service.porting.queries import projects_for, state_of, yours_first
from service.porting.question_sets import Questions
from service.porting.reasons import at_old_operator, only_staff
from service.porting.rollup import ProjectState
from service.porting.states import State
from service.web.shell.context import member, member_in_charge, person, services
from service.web.shell.form import Form
from service.web.shell.scoped import my_project
from service.web.transfer.acts import cancel_sent, mend_sent, must_wait_for_customer
from service.web.transfer.draft_steps import days_to_choose, kept_answers
from service.web.transfer.forms import port_form
from service.web.transfer.questions import asked_of_customer, continue_at
from service.web.transfer.tracking import calendar_file, port_page
from service.web.transfer.uploads import let_photos_in, uploaded_bill

blueprint = Blueprint("ports", __name__, url_prefix="/ports")
blueprint.url_value_preprocessor(let_photos_in)

Answer = str | Response | tuple[str, int]


@blueprint.get("/")
def listing() -> str:
    """The page of all ports that the person sees: those that wait for the customer, then the newest."""
    with services().sessions.begin() as session:
        here = member(session)
        projects = yours_first(projects_for(session, here))
        return render_template(
            "transfer/ports.html",
            projects=[(project, state_of(project)) for project in projects],
            in_charge=here.role in IN_CHARGE,
        )


@blueprint.get("/<public_id>")
def show(public_id: str) -> str | Response:
    """The page of a port. A draft redirects to where it was left."""
    with services().sessions.begin() as session:
        project = my_project(session, public_id)
        if state_of(project) is ProjectState.DRAFT:
            return redirect(continue_at(project))
        return port_page(session, project, "transfer/port.html")


@blueprint.get("/<public_id>/progress")
def progress(public_id: str) -> str:
    """The part of the port page that is reloaded."""
    with services().sessions.begin() as session:
        return port_page(session, my_project(session, public_id), "transfer/_progress.html")


@blueprint.get("/<public_id>/move.ics")
def calendar(public_id: str) -> Response:
    """Download the committed dates for a calendar."""
    with services().sessions.begin() as session:
        return calendar_file(my_project(session, public_id))


@blueprint.get("/<public_id>/fix")
def fix(public_id: str) -> str:
    """The page that asks again for what was rejected or the desk asks for. It never shows the PIN or account number."""
    with services().sessions.begin() as session:
        project = _waiting(session, public_id)
        wrong = _asked_of_customer(session, project)
        return _fix_page(session, project, Form(port_form(wrong), kept=kept_answers(project, list(wrong))))


@blueprint.post("/<public_id>/fix")
def mend(public_id: str) -> Answer:
    """Send a rejected port again, with corrections; of another one the desk gets the answers."""
    with services().sessions.begin() as session:
        wrong = _asked_of_customer(session, _waiting(session, public_id))
    form = Form(port_form(wrong), request.form)
    try:
        bill = uploaded_bill()
        with services().sessions.begin() as session:
            project = _waiting(session, public_id)
            if bill:
                add_bill(session, project, bill)
            form_data = form.data()
            form.must_be_based_on(kept_answers(project, list(wrong)))
            sent = mend_sent(session, services(), project, form_data, person().id)
    except Invalid as refusal:
        with services().sessions.begin() as session:
            return _fix_page(session, _waiting(session, public_id), form.refused(refusal)), 422
    flash(gettext("Thank you. We’re sending it again.") if sent else gettext("Thank you. Saved."))
    return redirect(url_for("ports.show", public_id=public_id))


@blueprint.post("/<public_id>/cancel")
def call_off(public_id: str) -> Response:
    """Cancel a port. Raises `IllegalTransition` when that is no longer possible."""
    with services().sessions.begin() as session:
        member_in_charge(session)
        cancel_sent(session, services(), my_project(session, public_id))
    return redirect(url_for("ports.listing"))


def _fix_page(session: Session, project: PortProject, form: Form) -> str:
    waiting = [number for number in project.numbers if number.state is State.ACTION_REQUIRED]
    codes = list(dict.fromkeys(code for number in waiting for code in number.reasons))
    return render_template(
        "transfer/fix.html",
        project=project,
        codes=codes,
        form=form,
        questions=_asked_of_customer(session, project),
        question=open_question(session, project),
        days=days_to_choose(project) if "wished" in form.schema.fields else [],
        staff_only=only_staff(codes),
        at_operator=at_old_operator(codes),
        in_place=all(porting_of(services(), number).capabilities.changes_in_place for number in waiting),
        letter_changes=any(name in ON_THE_LETTER for name in form.schema.fields),
        expected=estimate(session, services(), project),
    )


def _waiting(session: Session, public_id: str) -> PortProject:
    member_in_charge(session)
    project = my_project(session, public_id)
    must_wait_for_customer(session, project)
    return project


def _asked_of_customer(session: Session, project: PortProject) -> Questions:
    return asked_of_customer(project, open_question(session, project))
