"""The steps of a draft: small forms about the number at its old operator, kept one by one."""

from collections.abc import Mapping
from typing import Any, Final

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from provisioning.contract.porting import SubscriberKind
from service.errors import IllegalTransition, Invalid, NotFound
from service.porting.accounts import answered_beside
from service.porting.bill_files import BillFile
from service.porting.choice import days_for
from service.porting.details import add_bill, revise
from service.porting.details_requests import askable, open_requests, requested
from service.porting.models import PortProject
from service.porting.needs import rules_for
from service.porting.queries import state_of
from service.porting.rollup import ProjectState
from service.web.shell.context import member_in_charge, person, services
from service.web.shell.form import Form
from service.web.shell.scoped import my_project
from service.web.shell.words import date_words, spelled
from service.web.transfer.forms import port_form
from service.web.transfer.questions import STEPS, TITLES, Step, questions
from service.web.transfer.uploads import let_photos_in, uploaded_bill

blueprint = Blueprint("steps", __name__, url_prefix="/ports/<public_id>")
blueprint.url_value_preprocessor(let_photos_in)

Answer = str | Response | tuple[str, int]


_NUMBERS: Final = ("billing_number", "new_billing_number", "contact_number")
_ALIKE: Final = frozenset({"holder", "address", "contact"})
"""Steps whose answers are proposed to the next account of a transfer: each has its own account number and bill."""
_STEPS: Final = {step.name: step for step in STEPS}


@blueprint.get("/steps/<name>")
def show(public_id: str, name: str) -> str:
    """The page of one step, with its answers so far."""
    with services().sessions.begin() as session:
        project = my_draft(session, public_id)
        step = _step(name)
        return _page(project, step, Form(port_form(questions(project, step)), kept=_known(session, project, step)))


@blueprint.post("/steps/<name>")
def answer(public_id: str, name: str) -> Answer:
    """Save the answers of a step and continue with the next."""
    step = _step(name)
    with services().sessions.begin() as session:
        project = my_draft(session, public_id)
        wanted = questions(project, step, request.form.get("subscriber_kind", ""))
    form = Form(port_form(wanted), request.form)
    try:
        bill = uploaded_bill()
        with services().sessions.begin() as session:
            _keep(session, my_draft(session, public_id), step, form, bill)
    except Invalid as refusal:
        with services().sessions.begin() as session:
            return _page(my_draft(session, public_id), step, form.refused(refusal)), 422
    return redirect(_after(public_id, step))


def kept_answers(project: PortProject, names: tuple[str, ...] | list[str]) -> Mapping[str, Any]:
    """Stored answers, as a form shows them."""
    kept = {name: getattr(project, name) for name in names if name != "bill"}
    return kept | {name: spelled(kept[name]) for name in _NUMBERS if name in kept}


def days_to_choose(project: PortProject) -> list[tuple[str, str]]:
    """Days that can be wished for, as value and words; none until the number is known."""
    return [(one.isoformat(), date_words(one)) for one in days_for(services(), project)]


def my_draft(session: Session, public_id: str) -> PortProject:
    """A draft of the person's own workspace, for whom may send it. Raises `IllegalTransition` once it was sent."""
    member_in_charge(session)
    project = my_project(session, public_id)
    if state_of(project) is not ProjectState.DRAFT:
        raise IllegalTransition("This has already been sent.")
    return project


def in_one_name(project: PortProject, answers: dict[str, Any]) -> dict[str, Any]:
    """Answers about a draft, with its holder as the person with authority if that is an individual."""
    known = {name: answers.get(name, getattr(project, name)) for name in ("subscriber_kind", "subscriber_name")}
    if known["subscriber_kind"] is SubscriberKind.INDIVIDUAL:
        return answers | {"authorized_person": known["subscriber_name"]}
    return answers


def _keep_bill(session: Session, project: PortProject, bill: BillFile | None, *, required: bool) -> None:
    if bill:
        add_bill(session, project, bill)
    elif required and not project.documents:
        raise Invalid({"bill": ["Choose the file with your latest bill first."]})


def _keep(session: Session, project: PortProject, step: Step, form: Form, bill: BillFile | None) -> None:
    if step.name == "bill":
        _keep_bill(session, project, bill, required="bill" not in requested(project))
    else:
        form_data = in_one_name(project, form.data())
        form.must_be_based_on(_known(session, project, step))
        revise(session, project, form_data)
    if step.name not in project.answered:
        project.answered = [*project.answered, step.name]


def _known(session: Session, project: PortProject, step: Step) -> Mapping[str, Any]:
    """Stored answers; on a step that is new, those of another account, or what we know of the signed-in person."""
    kept = kept_answers(project, step.fields)
    if step.name in project.answered:
        return kept
    beside = answered_beside(session, project, step.name) if step.name in _ALIKE else None
    proposed = kept_answers(beside, step.fields) if beside else _proposed(project, step)
    return {**kept, **{name: known for name, known in proposed.items() if name in kept and not kept[name]}}


def _proposed(project: PortProject, step: Step) -> Mapping[str, str]:
    ours = {
        "subscriber_name": project.workspace.name,
        "authorized_person": person().name,
        "authorized_email": person().email,
    }
    usual = {name: question.proposed for name, question in questions(project, step).items() if question.proposed}
    return {name: known for name, known in {**usual, **ours}.items() if name not in requested(project)}


def _page(project: PortProject, step: Step, form: Form) -> str:
    return render_template(
        "transfer/step.html",
        project=project,
        step=step,
        steps=STEPS,
        titles=TITLES,
        position=STEPS.index(step) + 1,
        form=form,
        questions=questions(project, step),
        warnings=[rules.warning for rules in rules_for(project)],
        days=days_to_choose(project) if "wished" in step.fields else [],
        requests=[one for one in open_requests(project) if set(one.missing) & set(step.fields)],
        askable=not set(askable(project)).isdisjoint(step.fields),
        title=gettext(step.title),
    )


def _step(name: str) -> Step:
    if name not in _STEPS:
        raise NotFound("We can’t find that step.")
    return _STEPS[name]


def _after(public_id: str, step: Step) -> str:
    if step is STEPS[-1] or "back" in request.args:
        return url_for("review.show", public_id=public_id)
    following = STEPS[STEPS.index(step) + 1]
    return url_for("steps.show", public_id=public_id, name=following.name)
