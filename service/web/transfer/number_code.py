"""Showing that a draft's number is the customer's, by a code sent to it: a part of the review page."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from service.errors import Conflict, Invalid, NotFound, TooMany
from service.porting import claims, number_codes
from service.porting.models import PortNumber, PortProject
from service.web.shell.context import services
from service.web.shell.form import Form
from service.web.shell.security import limiter, network, signed_in_person
from service.web.transfer.draft_steps import my_draft
from service.web.transfer.forms import CodeForm, WayForm

blueprint = Blueprint("number_code", __name__, url_prefix="/ports/<public_id>/number-code")

OFFERED: Final = 20
"""Of a longer list the first ones are offered: one confirmed number is enough."""

_WRONG: Final = "That code doesn’t match or has expired. Check the six digits, or send a new code."


@dataclass(frozen=True, slots=True)
class Whose:
    """What the review says of whose the numbers are: the numbers that can take a code, and the one on its way."""

    claim: claims.Claim
    numbers: Sequence[PortNumber]
    code: number_codes.NumberCode | None


def whose(session: Session, project: PortProject) -> Whose:
    """How far it is shown that a draft's numbers are the customer's."""
    claim, numbers = claims.claim_of(services(), project), claims.takes_codes(services(), project)
    code = claims.code_of(session, services(), project) if claim is claims.Claim.WANTED else None
    return Whose(claim, numbers[:OFFERED], code)


@blueprint.post("")
@limiter.limit("20/day", key_func=network)
def ask(public_id: str) -> Response:
    """Have a code sent to one of the numbers."""
    form_data = Form(WayForm(), request.form).data()
    try:
        with services().sessions.begin() as session:
            project = my_draft(session, public_id)
            number = _named(claims.takes_codes(services(), project), form_data["number"])
            number_codes.ask(session, services(), project, number.number, form_data["way"])
    except (Conflict, TooMany) as refusal:
        flash(gettext(str(refusal)), "wrong")
    return _back(public_id)


@blueprint.post("/enter")
@limiter.limit("30/hour", key_func=signed_in_person)
def enter(public_id: str) -> Response:
    """Take the code. A wrong one is counted."""
    take_code(lambda session, digits: claims.confirm(session, services(), my_draft(session, public_id), digits))
    return _back(public_id)


@blueprint.post("/desk")
@limiter.limit("10/day", key_func=signed_in_person)
def hand_over(public_id: str) -> Response:
    """Have our porting desk look, where the number can take no code."""
    with services().sessions.begin() as session:
        claims.hand_to_desk(session, my_draft(session, public_id))
    return _back(public_id)


def take_code(is_right: Callable[[Session, str], bool]) -> None:
    """Take the code that was typed, without blanks, and tell on the next page whether it was the right one."""
    try:
        digits = "".join(Form(CodeForm(), request.form).data()["code"].split())
        with services().sessions.begin() as session:
            right = is_right(session, digits)
    except Invalid:
        right = False
    flash(gettext("Thank you. The code matches.") if right else gettext(_WRONG), "good" if right else "wrong")


def _named(numbers: Sequence[PortNumber], number_id: int) -> PortNumber:
    found = next((one for one in numbers if one.id == number_id), None)
    if found is None:
        raise NotFound("There is no such number.")
    return found


def _back(public_id: str) -> Response:
    return redirect(url_for("review.show", public_id=public_id, _anchor="whose"))
