"""Showing the customer's own number on calls before it has moved: a part of the port page."""

from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from service.accounts.change_log import Action, note
from service.accounts.models import IN_CHARGE
from service.errors import Conflict, TooMany
from service.lines.inventory import line_of, numbers_of, shown_number
from service.lines.models import NumberRole, OwnNumber, Showing
from service.lines.own_number import begin, end, enter_code, own_number_of
from service.porting.models import PortProject
from service.porting.states import FINAL, State
from service.web.shell.context import member, member_in_charge, services
from service.web.shell.scoped import my_project
from service.web.shell.security import limiter, signed_in_person
from service.web.shell.words import phone, spelled

blueprint = Blueprint("own_number", __name__, url_prefix="/ports/<public_id>/own-number")


@dataclass(frozen=True, slots=True)
class Offer:
    """The numbers that can be shown, the latest request, and whether the person may ask (`in_charge`).

    A person who is called hears the code, if it is `read_out`, and enters it here, or else keys the one that is shown.
    """

    numbers: list[str]
    own: OwnNumber | None
    in_charge: bool
    read_out: bool


def offer_for(session: Session, project: PortProject) -> Offer | None:
    """What the port page offers; None once the line has a primary number, or if no number is coming."""
    known_by = shown_number(numbers_of(session, project.line_id))
    here = [one for one in project.numbers if one.line_id == project.line_id and not one.opens_line]
    coming = [one.number for one in here if one.state not in {*FINAL, State.DRAFT, State.PORTED}]
    if not coming or known_by is None or known_by.role is NumberRole.PRIMARY:
        return None
    own = own_number_of(session, project.line_id)
    read_out = services().network(known_by.carrier).calling.reads_out_codes
    return Offer(coming, own if own and own.number in coming else None, member(session).role in IN_CHARGE, read_out)


@blueprint.get("")
def progress(public_id: str) -> str:
    """The part of the port page that is reloaded while the carrier calls."""
    with services().sessions.begin() as session:
        project = my_project(session, public_id)
        return render_template(
            "transfer/_own_number.html", project=project, offer=offer_for(session, project), showing=Showing
        )


@blueprint.post("")
def prove(public_id: str) -> Response:
    """Have the carrier call the number, which asks for a code."""
    try:
        with services().sessions.begin() as session:
            member_in_charge(session)
            project = my_project(session, public_id)
            number = _coming(session, project, request.form.get("number", ""))
            begin(session, line_of(session, project.workspace_id, project.line_id), number)
            _note(session, project, number, Action.OWN_NUMBER_SHOWN)
    except (Conflict, TooMany) as refusal:
        flash(gettext(str(refusal)), "wrong")
    return _back(public_id)


@blueprint.post("/code")
@limiter.limit("20/hour", key_func=signed_in_person)
def take_code(public_id: str) -> Response:
    """Take the code that was heard at the number, without blanks."""
    code = "".join(request.form.get("code", "").split())
    try:
        with services().sessions.begin() as session:
            member_in_charge(session)
            enter_code(session, my_project(session, public_id).line_id, code)
    except Conflict as refusal:
        flash(gettext(str(refusal)), "wrong")
    return _back(public_id)


@blueprint.post("/end")
def hide(public_id: str) -> Response:
    """Show the temporary number on calls again."""
    with services().sessions.begin() as session:
        member_in_charge(session)
        project = my_project(session, public_id)
        offer = offer_for(session, project)
        if offer and offer.own:
            end(session, project.line_id)
            _note(session, project, offer.own.number, Action.OWN_NUMBER_HIDDEN)
            flash(gettext("Calls no longer show %(number)s.", number=phone(offer.own.number)))
    return _back(public_id)


def _coming(session: Session, project: PortProject, number: str) -> str:
    offer = offer_for(session, project)
    if offer is None or number not in offer.numbers:
        raise Conflict("This number isn’t being transferred, so calls can’t show it.")
    return number


def _note(session: Session, project: PortProject, number: str, action: Action) -> None:
    who = member(session).user_id
    note(session, workspace_id=project.workspace_id, user_id=who, action=action, subject=spelled(number))


def _back(public_id: str) -> Response:
    return redirect(url_for("ports.show", public_id=public_id, _anchor="own-number"))
