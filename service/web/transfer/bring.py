"""Starting a transfer of one number, and whether it can be moved."""

from collections.abc import Mapping, Sequence
from typing import Final, TypeAlias

from flask import Blueprint, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from service.accounts.change_log import Action
from service.accounts.models import Member
from service.errors import Conflict, Invalid, NotFound, Sentence
from service.language import Language
from service.lines.inventory import lines_of, numbers_of, shown_number
from service.lines.models import Line
from service.porting import drafts as porting_drafts
from service.porting.accounts import open_accounts
from service.porting.drafts import draft_with, open_project
from service.porting.forwarding import steps
from service.porting.kinds import country_of, kind_of
from service.porting.list_columns import OldAccount
from service.porting.models import PortProject
from service.porting.needs import asked, operator_of
from service.porting.operators import known_in
from service.quotas import Quota
from service.web.shell.context import member, member_in_charge, services
from service.web.shell.form import Form
from service.web.shell.languages import language
from service.web.shell.room import require_room
from service.web.shell.scoped import my_project
from service.web.shell.words import spelled
from service.web.transfer.draft_steps import my_draft
from service.web.transfer.forms import NumberForm
from service.web.transfer.port_log import note_port
from service.web.transfer.prospect import prospect
from service.web.transfer.questions import WHICH_LINE, next_step

blueprint = Blueprint("bring", __name__)

Answer = str | Response | tuple[str, int]

Accounts: TypeAlias = Mapping[OldAccount, Sequence[str]]
NO_PINS: Final[Mapping[OldAccount, str]] = {}
"""Numbers (E.164) by their account at the old operator."""

_AT_HAND: Final = ("account_number", "subscriber_id")
"""What is wanted beside the bill and better looked for before one begins."""


@blueprint.get("/bring")
def ask() -> str:
    """The page that asks for the number. The one named at sign-up is filled in."""
    with services().sessions.begin() as session:
        known = member(session).workspace.bringing
    return _page(Form(NumberForm(), kept={"number": spelled(known)}))


@blueprint.post("/bring")
def begin() -> Answer:
    """Create a draft with the number and have the carrier asked about it."""
    form = Form(NumberForm(), request.form)
    try:
        with services().sessions.begin() as session:
            workspace_id = member(session).workspace_id
            number = form.data()["number"]
            known = draft_with(session, workspace_id, number)
            public_id = (known or draft(session, {OldAccount(): [number]})).public_id
    except Invalid as refusal:
        return _page(form.refused(refusal)), 422
    return redirect(url_for("bring.check", public_id=public_id))


@blueprint.get("/ports/<public_id>/number")
def check(public_id: str) -> str:
    """The page that says whether the number can be moved. The customer may continue before the carrier has answered."""
    with services().sessions.begin() as session:
        return _verdict(session, my_project(session, public_id), "transfer/bring_check.html")


@blueprint.get("/ports/<public_id>/verdict")
def verdict(public_id: str) -> str:
    """The carrier's answer, the part of the page that is reloaded."""
    with services().sessions.begin() as session:
        return _verdict(session, my_project(session, public_id), "transfer/_verdict.html")


@blueprint.post("/ports/<public_id>/operator")
def name_operator(public_id: str) -> Response:
    """Note which operator the numbers of a draft are at, where the registries know another one or none."""
    with services().sessions.begin() as session:
        porting_drafts.name_operator(session, my_draft(session, public_id), request.form.get("operator", ""))
    return redirect(url_for("bring.check", public_id=public_id))


def draft(session: Session, accounts: Accounts, pins: Mapping[OldAccount, str] = NO_PINS) -> PortProject:
    """Create a draft of the signed-in person as `draft_of` does, in the page's language."""
    return draft_of(session, member_in_charge(session), language(), accounts, pins)


def draft_of(
    session: Session, mine: Member, spoken: Language, accounts: Accounts, pins: Mapping[OldAccount, str] = NO_PINS
) -> PortProject:
    """Create a member's draft with the numbers of each account and its PIN, and return the first.

    Raises as `open_accounts` does, and `Conflict` if there is no line.
    """
    require_room(session, Quota.DRAFTS, len(accounts), field="number", workspace_id=mine.workspace_id)
    first = open_project(
        session,
        line=_line_of(session, mine),
        language=spoken,
        contact_number="",
        contact_email=mine.user.email,
    )
    for project in open_accounts(session, first, accounts, pins, home=services().home):
        note_port(session, project, Action.NUMBER_WANTED, user_id=mine.user_id)
    return first


def _line_of(session: Session, mine: Member) -> Line:
    line = next(iter(lines_of(session, mine.workspace_id)), None)
    if line is None:
        raise Conflict("You need a phone line before you can transfer a number.")
    return line


def _verdict(session: Session, project: PortProject, template: str) -> str:
    if not project.numbers:
        raise NotFound("Enter at least one number.")
    questions = asked(project)
    return render_template(
        template,
        project=project,
        questions=questions,
        wanted=[questions[name] for name in _AT_HAND if name in questions and questions[name].required],
        prospect=prospect(session, project),
        forwarding=_forwarding(session, project),
        operators=known_in(project.country),
        following=_following(session, project),
    )


def _following(session: Session, project: PortProject) -> str:
    """Where the customer goes on: where there are several lines, to the question which one."""
    if WHICH_LINE not in project.answered and len(lines_of(session, project.workspace_id)) > 1:
        return url_for("which_line.ask", public_id=project.public_id)
    return next_step(project)


def _forwarding(session: Session, project: PortProject) -> list[Sentence]:
    """How the first number's calls are forwarded to the number by which its line is known; empty while it has none."""
    number, to = project.numbers[0], shown_number(numbers_of(session, project.line_id))
    if to is None or not to.number:
        return []
    country, kind = country_of(number.number), kind_of(number.number, number.kind)
    return list(steps(country, kind, operator_of(project).forwarding, to.number))


def _page(form: Form) -> str:
    return render_template("transfer/bring.html", form=form)
