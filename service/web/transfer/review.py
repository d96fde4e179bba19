"""The review page of a draft, from which the port is sent."""

from collections import Counter
from typing import Any, Final

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from service.accounts.change_log import Action
from service.errors import Invalid, NotFound
from service.porting.accounts import drafts_beside
from service.porting.bill_check import bill_of, reading_of
from service.porting.bill_findings import findings_of, seen_on
from service.porting.bills import read_soon
from service.porting.cautions import hints_for, often_rejected
from service.porting.checks import missing
from service.porting.claims import ClaimedTwice, hand_to_desk, unconfirmed
from service.porting.details import revise
from service.porting.details_requests import open_requests
from service.porting.models import PortProject
from service.porting.needs import asked, operator_of
from service.porting.projects import submit
from service.time import now
from service.web.shell.context import services
from service.web.shell.form import Form
from service.web.shell.languages import language
from service.web.shell.requests import row_id
from service.web.shell.security import sandboxed
from service.web.transfer.accounts import is_complete, summaries
from service.web.transfer.contact_code import unproven_contact
from service.web.transfer.draft_steps import my_draft
from service.web.transfer.forms import AgreeForm, port_form
from service.web.transfer.number_code import whose
from service.web.transfer.port_log import note_port
from service.web.transfer.prospect import prospect
from service.web.transfer.questions import TITLES, step_link

_NOT_ALL: Final = "Another account still needs something. Complete it first, or send only this one."

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
        if bill_of(project) is None:
            raise NotFound("There’s no bill yet.")
        return render_template("transfer/_bill.html", **_read(project))


@blueprint.get("/bill/pages/<int:position>")
def bill_page(public_id: str, position: int) -> Response:
    """The picture of a page of a photographed bill, as it was read. Only the person's browser may keep it."""
    with services().sessions.begin() as session:
        bill = bill_of(my_draft(session, public_id))
        found = next((page for page in bill.pages if page.position == position), None) if bill else None
        if found is None:
            raise NotFound("We can’t find that page.")
        answer = make_response(found.picture)
    answer.headers.update({"Content-Type": "image/jpeg", "Cache-Control": "private, max-age=600"})
    return sandboxed(answer)


@blueprint.post("/bill/use")
def use(public_id: str) -> Response:
    """Take over for one field what stands on the bill, if that is still what the person was shown."""
    field, shown = request.form.get("field", ""), request.form.get("seen", "")
    with services().sessions.begin() as session:
        project = my_draft(session, public_id)
        seen = seen_on(project, field, request.form.get("bill", 0, row_id), shown)
        form_data = Form(port_form({field: asked(project)[field]}), MultiDict({field: seen})).data()
        revise(session, project, form_data)
    return redirect(url_for("review.show", public_id=public_id, _anchor="bill-title"))


@blueprint.post("/bill/again")
def read_again(public_id: str) -> Response:
    """Have the bill read once more."""
    with services().sessions.begin() as session:
        for document in my_draft(session, public_id).documents[-1:]:
            read_soon(session, document)
    flash(gettext("We’re reading your bill again. You’ll see here what we find."))
    return redirect(url_for("review.show", public_id=public_id))


@blueprint.post("/review")
def send(public_id: str) -> Response | tuple[str, int]:
    """Send the accounts of the transfer that were not sent yet, each as a port, or `only` this one."""
    form = Form(AgreeForm(), request.form)
    try:
        form.data()
        with services().sessions.begin() as session:
            project = my_draft(session, public_id)
            for account in [project, *([] if "only" in request.form else _ready_beside(session, project))]:
                _send(session, account)
    except ClaimedTwice as refusal:
        with services().sessions.begin() as session:
            hand_to_desk(session, my_draft(session, refusal.public_id))
        flash(gettext(str(refusal)), "wrong")
        return redirect(url_for("review.show", public_id=public_id))
    except Invalid as refusal:
        with services().sessions.begin() as session:
            return _page(session, my_draft(session, public_id), form.refused(refusal)), 422
    flash(gettext("Transfer request sent. We’ll tell you at every step."))
    return redirect(url_for("ports.show", public_id=public_id))


def _ready_beside(session: Session, project: PortProject) -> list[PortProject]:
    """The other drafts of the transfer. Raises `Invalid` if something of them is missing."""
    beside = drafts_beside(session, project)
    if not all(is_complete(one) for one in beside):
        raise Invalid({"": [_NOT_ALL]})
    return beside


def _send(session: Session, project: PortProject) -> None:
    revise(session, project, {"agreed_at": now()})
    submit(session, services(), project)
    note_port(session, project, Action.PORT_SENT)


def _page(session: Session, project: PortProject, form: Form) -> str:
    beside = drafts_beside(session, project)
    numbers = {number.number for number in project.numbers}
    return render_template(
        "transfer/review.html",
        prospect=prospect(session, project),
        hints=[hint.said_in(language()) for hint in hints_for(session, project)],
        often_rejected=often_rejected(session, project),
        form=form,
        lines=list(Counter("" if one.opens_line else one.line.name for one in project.numbers).items()),
        elsewhere={name: step_link(project, name) for name in form.errors} | {"confirmed": "#whose"},
        lacking=_lacking(project),
        accounts=summaries(session, project),
        others=len(beside),
        all_ready=all(is_complete(one) for one in beside),
        whose=whose(session, project),
        contact=unproven_contact(session, project),
        asked_of=open_requests(project),
        now=now(),
        stale_pin=_pin_is_stale(project),
        moving=project.contact_number in numbers,
        **_read(project),
    )


def _read(project: PortProject) -> dict[str, Any]:
    """What the part of the page about the bill shows."""
    return {
        "project": project,
        "titles": TITLES,
        "questions": asked(project),
        "reading": reading_of(project),
        "bill": bill_of(project),
        "findings": findings_of(project),
    }


def _lacking(project: PortProject) -> list[tuple[str, str]]:
    """What is still missing, each with the path of the step where it is asked ("" where no step does)."""
    return [
        (sentence, "#whose" if field == "confirmed" else step_link(project, field))
        for field, sentences in (missing(project) | unconfirmed(services(), project)).items()
        for sentence in sentences
        if field != "agreed"
    ]


def _pin_is_stale(project: PortProject) -> bool:
    return bool(project.pin and project.pin_at and now() - project.pin_at > operator_of(project).pin_life)
