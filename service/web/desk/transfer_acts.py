"""What the desk does with one transfer: correct, send again, move to another day or carrier, cancel, split, mark."""

from collections.abc import Callable
from typing import Any, Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from service.accounts.change_log import SECRETS, Action, differences
from service.cutover.snapback_checklist import SnapbackStep, tick
from service.desk import acts
from service.desk.carrier_change import ask_other_carrier
from service.desk.marking import mark as mark_numbers
from service.desk.operator_answers import Answer as OperatorAnswer
from service.desk.papers import letter_pdf, order_sheet
from service.errors import Invalid, NotFound
from service.porting.filing import filing_of
from service.porting.models import PortProject
from service.porting.needs import asked
from service.porting.question_sets import Questions
from service.porting.states import State
from service.web.desk.forms import AnswerForm, CarrierForm, DayForm
from service.web.desk.transfer_words import faults
from service.web.shell.context import must_be_desk, person, services
from service.web.shell.form import Form
from service.web.shell.scoped import project_at_desk
from service.web.transfer.draft_steps import days_to_choose, kept_answers
from service.web.transfer.forms import port_form
from service.web.transfer.port_log import note_port

blueprint = Blueprint("desk_acts", __name__, url_prefix="/desk/transfers/<public_id>")

blueprint.before_request(must_be_desk)

Answer = str | Response | tuple[str, int]


@blueprint.post("/file")
def file(public_id: str) -> Answer:
    """Send a draft for its customer."""
    return _do(public_id, _file, gettext("Sent."))


@blueprint.post("/again")
def again(public_id: str) -> Answer:
    """Send the transfer again as it is."""
    return _do(public_id, _send_again, gettext("We’re sending it again."))


@blueprint.post("/day")
def move(public_id: str) -> Answer:
    """Ask for another day."""
    return _do(public_id, _move, gettext("We’re asking for that date."))


@blueprint.post("/cancel")
def cancel(public_id: str) -> Answer:
    """Cancel the numbers that have not arrived."""
    return _do(public_id, _cancel, gettext("We’re asking the carrier to cancel."))


@blueprint.get("/correct")
def ask_corrections(public_id: str) -> str:
    """The page that shows the answers, to be corrected. It never shows a PIN or account number."""
    with services().sessions.begin() as session:
        project = project_at_desk(session, public_id)
        questions = _questions(project)
        return _correct_page(project, Form(port_form(questions), kept=kept_answers(project, list(questions))))


@blueprint.post("/correct")
def correct(public_id: str) -> Answer:
    """Change answers, and send the transfer again if it was sent."""
    with services().sessions.begin() as session:
        questions = _questions(project_at_desk(session, public_id))
    form = Form(port_form(questions), request.form)
    try:
        with services().sessions.begin() as session:
            project, changes = project_at_desk(session, public_id), form.data()
            form.must_be_based_on(kept_answers(project, list(questions)))
            _correct(session, project, changes)
    except Invalid as refusal:
        with services().sessions.begin() as session:
            return _correct_page(project_at_desk(session, public_id), form.refused(refusal)), 422
    flash(gettext("Saved."))
    return back_to(public_id)


def _file(session: Session, project: PortProject) -> None:
    acts.file_draft(session, services(), project, person().id)
    note_port(session, project, Action.PORT_SENT)


def _send_again(session: Session, project: PortProject) -> None:
    _correct(session, project, {})


def _correct(session: Session, project: PortProject, changes: dict[str, Any]) -> None:
    changes = {name: value for name, value in changes.items() if value or name not in SECRETS}
    before = {name: getattr(project, name) for name in changes}
    acts.send_again(session, services(), project, person().id, changes)
    note_port(session, project, Action.PORT_CORRECTED, differences(before, changes))


def _move(session: Session, project: PortProject) -> None:
    before, wished = {"wished": project.wished}, Form(DayForm(), request.form).data()["wished"]
    acts.move_to(session, services(), project, person().id, wished)
    note_port(session, project, Action.PORT_MOVED, differences(before, {"wished": wished}))


def _cancel(session: Session, project: PortProject) -> None:
    acts.call_off(session, services(), project, person().id)
    note_port(session, project, Action.PORT_CANCELED)


def _do(public_id: str, act: Callable[[Session, PortProject], None], done: str) -> Answer:
    """Do an act and go back to the page. What is missing for it is told there, each fault with its field."""
    try:
        with services().sessions.begin() as session:
            act(session, project_at_desk(session, public_id))
    except Invalid as refusal:
        _describe(refusal)
        return back_to(public_id)
    flash(done)
    return back_to(public_id)


def _describe(refusal: Invalid) -> None:
    """Say what is wrong, each fault with its field."""
    for sentence in faults(refusal.sentences):
        flash(sentence, "wrong")


@blueprint.post("/split")
def split(public_id: str) -> Answer:
    """File the chosen rejected numbers in an order of their own."""
    return _do(public_id, _split, gettext("The numbers are being filed in an order of their own."))


@blueprint.post("/carrier")
def change_carrier(public_id: str) -> Answer:
    """Have another carrier asked, and the transfer moved there if it takes the numbers."""
    return _do(public_id, _change_carrier, gettext("We’re asking that carrier. Its answer comes under “Who did what”."))


@blueprint.post("/mark")
def mark(public_id: str) -> Answer:
    """Write down what was learned of numbers by telephone or mail."""
    return _do(public_id, _mark, gettext("Marked."))


@blueprint.post("/numbers/<int:number_id>/snapback")
def check_off(public_id: str, number_id: int) -> Response:
    """Tick a step of a number's return, or take the tick back."""
    with services().sessions.begin() as session:
        for number in project_at_desk(session, public_id).numbers:
            if number.id == number_id:
                step = _step(request.form.get("step", ""))
                tick(session, number, step, person().id, done=request.form.get("done") == "yes")
                return back_to(public_id, "snapback")
    raise NotFound("There is no such number.")


@blueprint.get("/papers/<paper>.pdf")
def paper(public_id: str, paper: str) -> Answer:
    """Download a paper, made of the answers as they are now. What is missing for it is told on the page."""
    if paper not in _PAPERS:
        raise NotFound("We can’t find that paper.")
    with services().sessions.begin() as session:
        project = project_at_desk(session, public_id)
        if not project.attempts or not project.documents:
            raise NotFound("There are no papers before a transfer is sent.")
        try:
            content = _PAPERS[paper](filing_of(session, project.attempts[-1]))
        except Invalid as refusal:
            _describe(refusal)
            return back_to(public_id)
    headers = {"Content-Disposition": f'attachment; filename="{paper}-{public_id}.pdf"', "Cache-Control": "no-store"}
    return Response(content, mimetype="application/pdf", headers=headers)


_PAPERS: Final = {"order-sheet": order_sheet, "letter": letter_pdf}


def _split(session: Session, project: PortProject) -> None:
    acts.split_off(session, services(), project, person().id, request.form.getlist("number"))
    note_port(session, project, Action.PORT_CORRECTED)


def _change_carrier(session: Session, project: PortProject) -> None:
    wanted = Form(CarrierForm(), request.form).data()["carrier"]
    ask_other_carrier(session, services(), project, person().id, wanted)


def _mark(session: Session, project: PortProject) -> None:
    form_data = Form(AnswerForm(), request.form).data()
    answer = OperatorAnswer(**form_data | {"numbers": tuple(form_data["numbers"])})
    mark_numbers(session, services(), project, answer, person().id)


def _step(typed: str) -> SnapbackStep:
    try:
        return SnapbackStep(typed)
    except ValueError:
        raise NotFound("There is no such step.") from None


def back_to(public_id: str, anchor: str = "") -> Response:
    """Go back to the transfer's page."""
    return redirect(url_for("desk_transfer.show", public_id=public_id, _anchor=anchor or None))


def _questions(project: PortProject) -> Questions:
    return {name: question for name, question in asked(project).items() if name != "bill"}


def _correct_page(project: PortProject, form: Form) -> str:
    return render_template(
        "desk/transfer_correct.html",
        project=project,
        form=form,
        questions=_questions(project),
        days=days_to_choose(project),
        is_draft=all(number.state is State.DRAFT for number in project.numbers),
    )
