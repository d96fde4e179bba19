"""The cutover page of a port: what will happen, what is proven, undoing it, and ending the old service."""

from dataclasses import replace

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as Answer

from service.accounts.change_log import Action, differences, note
from service.accounts.models import DESK
from service.calls.changing import keep
from service.calls.queries import plan_of
from service.cutover import snapback
from service.cutover.grace import retiring_on
from service.cutover.old_service import ending_of
from service.cutover.queries import taken_back_among
from service.cutover.readiness import Forwards, Serves, keep_answers
from service.cutover.rows import cutover_of
from service.cutover.trials import ask_for_trial
from service.cutover.undo import cut_over_again, take_back
from service.errors import Conflict, NotFound
from service.lines.models import Line
from service.porting.models import Cause, PortNumber, PortProject
from service.porting.states import FINAL
from service.web.shell.context import member, member_in_charge, must_be_desk, person, services
from service.web.shell.scoped import my_project, project_at_desk
from service.web.transfer.cancellation_notice import notice_pdf
from service.web.transfer.cutover_words import FORWARDS, SERVES, cutover_page, leaving, step_name
from service.web.transfer.port_log import note_number
from service.web.transfer.story import closing_of, headline_of
from service.web.transfer.tracking import DATED

blueprint = Blueprint("cutover", __name__, url_prefix="/ports/<public_id>/move")


@blueprint.get("/")
def show(public_id: str) -> str:
    """The cutover page."""
    return _page(public_id, "transfer/cutover.html")


@blueprint.get("/progress")
def progress(public_id: str) -> str:
    """The part of the cutover page that is reloaded."""
    return _page(public_id, "transfer/_cutover.html")


@blueprint.post("/<int:number_id>/test")
def test(public_id: str, number_id: int) -> Answer:
    """Call and text the number now, from our own number."""
    with services().sessions.begin() as session:
        ask_for_trial(session, services(), _number(session, public_id, number_id))
    flash(gettext("We’re calling and texting the number now. You’ll see the result here in about a minute."))
    return _back(public_id)


@blueprint.post("/<int:number_id>/old-line")
def old_line(public_id: str, number_id: int) -> Answer:
    """Save the customer's answers about the old line."""
    try:
        answers = Forwards(request.form.get("forwards", "")), Serves(request.form.get("serves", ""))
    except ValueError:
        raise Conflict("Choose an answer to each question.") from None
    with services().sessions.begin() as session:
        keep_answers(cutover_of(session, _number(session, public_id, number_id)), *answers)
    flash(gettext("Thank you. Saved."))
    return _back(public_id)


@blueprint.post("/<int:number_id>/back")
def back(public_id: str, number_id: int) -> Answer:
    """Take a cutover back: the temporary number serves again."""
    with services().sessions.begin() as session:
        number = _number(session, public_id, number_id)
        take_back(session, services(), number, _cause())
        note_number(session, number, Action.MOVE_TAKEN_BACK)
    flash(gettext("Transfer undone. You’re back on your temporary number."))
    return _back(public_id)


@blueprint.post("/<int:number_id>/again")
def again(public_id: str, number_id: int) -> Answer:
    """Repeat a cutover that was taken back."""
    with services().sessions.begin() as session:
        number = _number(session, public_id, number_id)
        cut_over_again(session, services(), number, _cause())
        note_number(session, number, Action.MOVED_AGAIN)
    flash(gettext("The transfer goes on. We’re checking everything again."))
    return _back(public_id)


@blueprint.post("/<int:number_id>/return")
def send_back(public_id: str, number_id: int) -> Answer:
    """Have our porting desk ask the carriers to return the number."""
    with services().sessions.begin() as session:
        number = _number(session, public_id, number_id)
        snapback.ask(session, services(), number, _cause())
        note_number(session, number, Action.RETURN_WANTED)
    flash(gettext("Our transfer desk has your request and will answer by email."))
    return _back(public_id)


@blueprint.post("/<int:number_id>/returned")
def confirm_return(public_id: str, number_id: int) -> Answer:
    """Have our carrier asked whether the number is gone. Only our porting desk may."""
    must_be_desk()
    with services().sessions.begin() as session:
        number = _number(session, public_id, number_id)
        snapback.confirm(session, number)
        note_number(session, number, Action.RETURN_REPORTED)
    flash(gettext("We’re asking our carrier. Once it no longer lists the number, we tell the customer it’s back."))
    return _back(public_id)


@blueprint.post("/tell-number")
def announce_number(public_id: str) -> Answer:
    """Choose whether callers of the temporary number hear the own number before the phones ring."""
    wanted = request.form.get("tell") == "yes"
    with services().sessions.begin() as session:
        project = _project(session, public_id)
        if not person().has_role(DESK):
            member_in_charge(session)
        replaced = retiring_on(session, {number.line_id for number in project.numbers})
        for line in {project.line, *(number.line for number in replaced)}:
            _announce_number(session, line, wanted=wanted)
    flash(
        gettext("People who call the temporary number hear your own number first.")
        if wanted
        else gettext("People who call the temporary number are put through right away.")
    )
    return _back(public_id)


def _announce_number(session: Session, line: Line, *, wanted: bool) -> None:
    before = plan_of(session, line.id)
    keep(session, line, replace(before, tells_number=wanted), countries=services().settings.countries)
    note(
        session,
        workspace_id=line.workspace_id,
        user_id=person().id,
        action=Action.CALL_PLAN_CHANGED,
        subject=line.name,
        details=differences({"tells_number": before.tells_number}, {"tells_number": wanted}),
    )


@blueprint.get("/letter.pdf")
def cancellation(public_id: str) -> Response:
    """Download the cancellation notice. Raises `NotFound` until the old service may end."""
    with services().sessions.begin() as session:
        project = _project(session, public_id)
        ending = ending_of(session, services(), project)
        if not ending.safe:
            raise NotFound("There’s no letter yet. You still need your old service.")
        content = notice_pdf(project, ending)
    headers = {"Content-Disposition": 'attachment; filename="cancellation.pdf"', "Cache-Control": "no-store"}
    return Response(content, mimetype="application/pdf", headers=headers)


def _back(public_id: str) -> Answer:
    """Redirect to the page of the list that the form was on."""
    return redirect(url_for("cutover.show", public_id=public_id, page=request.args.get("page", type=int)))


def _page(public_id: str, template: str) -> str:
    with services().sessions.begin() as session:
        project = _project(session, public_id)
        ending = ending_of(session, services(), project)
        return render_template(
            template,
            project=project,
            headline=_headline(session, project, astray=bool(ending.half)),
            ended=all(number.state in FINAL for number in project.numbers),
            shown=cutover_page(session, services(), project.numbers, request.args.get("page", 1, int)),
            ending=ending,
            movable=not person().has_role(DESK) and closing_of(project, services()).movable,
            tells_number=plan_of(session, project.line_id).tells_number,
            is_desk=person().has_role(DESK),
            leaving=leaving(session, services(), project),
            step_name=step_name,
            forwards=FORWARDS,
            serves=SERVES,
        )


def _headline(session: Session, project: PortProject, *, astray: bool) -> str:
    days = [number.committed_on for number in project.numbers if number.committed_on and number.state in DATED]
    taken_back = taken_back_among(session, project.numbers)
    return headline_of(project, days, taken_back=bool(taken_back), astray=astray)


def _project(session: Session, public_id: str) -> PortProject:
    """A port of the person's workspace, or any port for our porting desk."""
    if person().has_role(DESK):
        member(session)
        return project_at_desk(session, public_id)
    return my_project(session, public_id)


def _number(session: Session, public_id: str, number_id: int) -> PortNumber:
    """A number to act on. Raises `Forbidden` for members who may only look."""
    if not person().has_role(DESK):
        member_in_charge(session)
    for number in _project(session, public_id).numbers:
        if number.id == number_id:
            return number
    raise NotFound("There is no such number.")


def _cause() -> Cause:
    return Cause.STAFF if person().has_role(DESK) else Cause.CUSTOMER
