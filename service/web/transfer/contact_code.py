"""Showing that we may text a port's contact, by a code sent there: a part of the review page and the port page."""

from dataclasses import dataclass

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from service.accounts.models import IN_CHARGE
from service.errors import Conflict, TooMany
from service.porting.contact_codes import contact_code_of, enter_contact_code, is_unproven, send_contact_code
from service.porting.models import PortProject
from service.porting.number_codes import NumberCode
from service.porting.queries import state_of
from service.porting.rollup import ProjectState
from service.web.shell.context import member, member_in_charge, services
from service.web.shell.form import Form
from service.web.shell.scoped import my_project
from service.web.shell.security import limiter, network, signed_in_person
from service.web.transfer.forms import ContactWayForm
from service.web.transfer.number_code import take_code

blueprint = Blueprint("contact_code", __name__, url_prefix="/ports/<public_id>/contact-code")


@dataclass(frozen=True, slots=True)
class UnprovenContact:
    """The number (E.164) that we may not text yet, and the code on its way there."""

    number: str
    code: NumberCode | None


def unproven_contact(session: Session, project: PortProject) -> UnprovenContact | None:
    """What the person can show of a port's contact; None if we may text it, or they are not in charge."""
    if member(session).role not in IN_CHARGE or not is_unproven(session, project):
        return None
    return UnprovenContact(project.contact_number, contact_code_of(session, project))


@blueprint.post("")
@limiter.limit("20/day", key_func=network)
def ask(public_id: str) -> Response:
    """Have a code sent to the contact."""
    way = Form(ContactWayForm(), request.form).data()["way"]
    try:
        with services().sessions.begin() as session:
            send_contact_code(session, services(), _mine(session, public_id), way)
    except (Conflict, TooMany) as refusal:
        flash(gettext(str(refusal)), "wrong")
    return _back(public_id)


@blueprint.post("/enter")
@limiter.limit("30/hour", key_func=signed_in_person)
def enter(public_id: str) -> Response:
    """Take the code. A wrong one is counted."""
    take_code(lambda session, digits: enter_contact_code(session, services(), _mine(session, public_id), digits))
    return _back(public_id)


def _mine(session: Session, public_id: str) -> PortProject:
    member_in_charge(session)
    return my_project(session, public_id)


def _back(public_id: str) -> Response:
    with services().sessions.begin() as session:
        is_draft = state_of(my_project(session, public_id)) is ProjectState.DRAFT
    page = "review.show" if is_draft else "ports.show"
    return redirect(url_for(page, public_id=public_id, _anchor="contact-code"))
