"""The desk's page of one transfer: how its answers compare, what was said and done, and what can be done now."""

from dataclasses import dataclass
from typing import Any, Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from provisioning.contract.porting import ReasonCode
from service.cutover.snapback_checklist import checklists
from service.desk import cases, queue
from service.desk.acts import comment_on_order
from service.desk.comments import comment, comments_of, desk_handles
from service.desk.comparison import compared, objections_to
from service.desk.escalation import escalation_text, orders_of
from service.desk.log import entries_of
from service.desk.macros import macro_for, titles
from service.desk.mention_mail import mail_desk_mention
from service.desk.messages import messages_of, write_to_customer
from service.desk.models import DeskCase
from service.desk.operator_answers import ANSWERS
from service.desk.queries import by_hand
from service.desk.questions import ask_customer, askable_of, open_question
from service.desk.questions import take_question_back as take_back
from service.errors import Invalid, NotFound
from service.porting.cases import PortCase
from service.porting.choice import carrier_of
from service.porting.models import CarrierOrder, PortProject
from service.porting.needs import asked
from service.porting.order_comments import comments_on
from service.porting.states import FINAL, State
from service.web.desk.forms import (
    AnswerForm,
    AssignForm,
    CommentForm,
    MessageForm,
    OrderCommentForm,
    PlanForm,
    QuestionForm,
)
from service.web.desk.overview import STATES
from service.web.desk.queue import today_here
from service.web.desk.queue_words import COLORS, next_step, standing
from service.web.desk.transfer_words import STEPS, act_of, awaited
from service.web.desk.worklist import WORDS
from service.web.shell.context import must_be_desk, person, services
from service.web.shell.form import Form
from service.web.shell.languages import language
from service.web.shell.scoped import project_at_desk
from service.web.shell.security import limiter, signed_in_person
from service.web.shell.words import reasons
from service.web.transfer.draft_steps import days_to_choose
from service.web.transfer.story import closing_of

blueprint = Blueprint("desk_transfer", __name__, url_prefix="/desk/transfers/<public_id>")

blueprint.before_request(must_be_desk)

Answer = str | Response | tuple[str, int]

SHOWN: Final = 50
"""The latest comments and acts that the page shows, and the numbers."""


@blueprint.get("")
def show(public_id: str) -> str:
    """The page."""
    return _page(public_id, Form(CommentForm()))


@blueprint.post("/comments")
@limiter.limit("60/hour", key_func=signed_in_person)
def write_comment(public_id: str) -> Answer:
    """Write a comment for colleagues, and have those told whom it mentions."""
    form = Form(CommentForm(), request.form)
    try:
        with services().sessions.begin() as session:
            text = form.data()["comment"]
            for mention in comment(session, project_at_desk(session, public_id), person(), text):
                mail_desk_mention.defer(session, comment_id=mention.comment_id, user_id=mention.user_id)
    except Invalid as refusal:
        return _page(public_id, form.refused(refusal)), 422
    return _back(public_id, "comments")


@blueprint.post("/messages")
@limiter.limit("60/hour", key_func=signed_in_person)
def write_message(public_id: str) -> Answer:
    """Write to the customer."""
    form = Form(MessageForm(), request.form)
    try:
        with services().sessions.begin() as session:
            text = form.data()["message"]
            write_to_customer(session, project_at_desk(session, public_id), person(), text)
    except Invalid as refusal:
        return _page(public_id, form.refused(refusal)), 422
    flash(gettext("Sent. The customer gets it by email too."))
    return _back(public_id, "customer")


@blueprint.post("/question")
@limiter.limit("60/hour", key_func=signed_in_person)
def ask(public_id: str) -> Answer:
    """Ask the customer for answers of the form."""
    form = Form(QuestionForm(), request.form)
    try:
        with services().sessions.begin() as session:
            project, fields = project_at_desk(session, public_id), request.form.getlist("fields")
            ask_customer(session, project, person(), form.data()["question"], fields)
    except Invalid as refusal:
        return _page(public_id, form.refused(refusal)), 422
    flash(gettext("Asked. The customer gets the link by email."))
    return _back(public_id, "customer")


@blueprint.post("/question/back")
def take_question_back(public_id: str) -> Response:
    """Take the open question back."""
    with services().sessions.begin() as session:
        take_back(session, project_at_desk(session, public_id), person().id)
    flash(gettext("Question removed."))
    return _back(public_id, "customer")


@blueprint.post("/orders/<int:order_id>/comments")
@limiter.limit("60/hour", key_func=signed_in_person)
def write_order_comment(public_id: str, order_id: int) -> Answer:
    """Write to the carrier's staff about an order."""
    form = Form(OrderCommentForm(), request.form)
    try:
        with services().sessions.begin() as session:
            project, text = project_at_desk(session, public_id), form.data()["order_comment"]
            comment_on_order(session, services(), project, _order(project, order_id), person(), text)
    except Invalid as refusal:
        return _page(public_id, form.refused(refusal)), 422
    flash(gettext("On its way to the carrier’s staff."))
    return _back(public_id, f"ask-{order_id}")


def _order(project: PortProject, order_id: int) -> CarrierOrder:
    """An order of the transfer. Raises `NotFound`."""
    for order in orders_of(project):
        if order.id == order_id:
            return order
    raise NotFound("We can’t find that order.")


@blueprint.post("/who")
def assign(public_id: str) -> Response:
    """Give the transfer to a person at the desk, and write down what is done next."""
    form_data = Form(AssignForm(), request.form).data() | Form(PlanForm(), request.form).data()
    with services().sessions.begin() as session:
        project = project_at_desk(session, public_id)
        case = session.get(DeskCase, project.id)
        if form_data["assignee"] != ((case and case.assignee_id) or 0):
            cases.assign(session, [project], form_data["assignee"], person().id)
        if (form_data["next_step"], form_data["next_on"]) != (case.next_step if case else "", case and case.next_on):
            cases.plan(session, [project], form_data["next_step"], form_data["next_on"], person().id)
    return _back(public_id)


def _back(public_id: str, anchor: str = "") -> Response:
    return redirect(url_for("desk_transfer.show", public_id=public_id, _anchor=anchor or None))


def _page(public_id: str, form: Form) -> str:
    with services().sessions.begin() as session:
        project = project_at_desk(session, public_id)
        staff = queue.staff_of(session, project)
        states = {number.state for number in project.numbers}
        carriers = {carrier_of(services(), number) for number in project.numbers}
        people = {one.id: one.name or one.email for one in staff}
        return render_template(
            "desk/transfer.html",
            project=project,
            form=form,
            numbers=project.numbers[:SHOWN],
            listed=session.get(PortCase, project.id),
            case=session.get(DeskCase, project.id),
            staff=staff,
            carriers=sorted(carriers),
            fields=compared(session, project),
            objections=objections_to(session, project),
            orders=[_for_staff(session, project, order) for order in orders_of(project)],
            by_hand=by_hand(session, orders_of(project)),
            comments=comments_of(session, project, SHOWN),
            messages=messages_of(session, project, SHOWN),
            question=open_question(session, project),
            askable={name: question for name, question in asked(project).items() if name in askable_of(project)},
            macros=titles(language()),
            macro=macro_for(project, request.args.get("macro", ""), language()),
            order_comments=comments_on(session, orders_of(project), SHOWN),
            chosen=request.form.getlist("fields"),
            handles=desk_handles(session, project),
            log=[(entry, act_of(entry, people)) for entry in entries_of(session, project, SHOWN)],
            awaited=awaited(project.numbers),
            closing=closing_of(project, services()),
            days=days_to_choose(project),
            is_draft=states == {State.DRAFT},
            splits=len(project.numbers) > 1 and State.ACTION_REQUIRED in states,
            others_carriers=[name for name in services().carriers if {name} != carriers],
            checklists=checklists(session, project.numbers[:SHOWN]),
            marking=Form(AnswerForm(), kept={"numbers": "\n".join(_open_numbers(project))}),
            ended=states <= FINAL,
            **_words(),
        )


@dataclass(frozen=True, slots=True)
class ForStaff:
    """What goes to a carrier's staff about an order, and how: as a comment, or by mail to an address."""

    order: CarrierOrder
    text: str
    takes_comments: bool
    mailbox: str


def _for_staff(session: Session, project: PortProject, order: CarrierOrder) -> ForStaff:
    carrier = services().carriers[order.carrier]
    mailbox = carrier.porting.capabilities.staff_email
    return ForStaff(order, escalation_text(session, project, order), carrier.comments is not None, mailbox)


def _open_numbers(project: PortProject) -> list[str]:
    return [number.number for number in project.numbers if number.state not in FINAL]


def _words() -> dict[str, Any]:
    """What the template calls things by."""
    return {
        "states": STATES,
        "colors": COLORS,
        "standing": standing,
        "lateness": queue.lateness,
        "next_step": next_step,
        "today": today_here(),
        "steps": STEPS,
        "answers": [(one.value, gettext(WORDS[one])) for one in ANSWERS],
        "reasons_to_choose": [(code.value, reasons([code.value])[0].short) for code in ReasonCode],
    }
