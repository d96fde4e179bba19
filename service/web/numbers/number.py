"""The page of one number: what it is called, which line it belongs to, and giving it up."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from service.accounts.access import lines_for, number_for
from service.accounts.models import Membership
from service.cutover.arranging import BY_CHOICE, MOVABLE, NOTICE, is_needed
from service.errors import Invalid
from service.lines.models import PhoneNumber
from service.port_outs.locking import is_locked
from service.port_outs.requests import open_request
from service.time import now
from service.web.numbers.acts import change_number, give_up, keep_number
from service.web.numbers.forms import NumberForm
from service.web.numbers.words import kind_name, role_name
from service.web.shell.context import member_in_charge, services
from service.web.shell.form import Form
from service.web.shell.words import at, spelled

blueprint = Blueprint("number", __name__, url_prefix="/numbers/<int:number_id>")

Answer = str | Response | tuple[str, int]


@blueprint.get("/")
def show(number_id: int) -> str:
    """The page of one number."""
    with services().sessions.begin() as session:
        number = _mine(session, number_id)
        return _page(session, number, Form(NumberForm(), kept=_kept(number)))


@blueprint.post("/")
def change(number_id: int) -> Answer:
    """Save what the number is called, and move it to another line if one was chosen."""
    form = Form(NumberForm(), request.form)
    try:
        with services().sessions.begin() as session:
            number, form_data = _mine(session, number_id), form.data()
            session.refresh(number, with_for_update=True)  # simultaneous changes are made one after the other
            form.must_be_based_on(_kept(number), told=["name"])
            change_number(session, member_in_charge(session), number, form_data["name"], form_data["line"])
    except Invalid as refusal:
        with services().sessions.begin() as session:
            return _page(session, _mine(session, number_id), form.refused(refusal)), 422
    flash(gettext("Saved."))
    return redirect(url_for("numbers.listing"))


@blueprint.post("/release")
def release(number_id: int) -> Response:
    """Have the number released after a week, until when it answers and can be kept."""
    with services().sessions.begin() as session:
        number = _mine(session, number_id)
        give_up(session, member_in_charge(session), number)
        words = gettext("%(number)s answers until %(day)s. Until then you can keep it.", **_ending(number))
    flash(words)
    return redirect(url_for("numbers.listing"))


@blueprint.post("/keep")
def stay(number_id: int) -> Response:
    """Keep a number that was to be released."""
    with services().sessions.begin() as session:
        keep_number(session, member_in_charge(session), _mine(session, number_id))
    flash(gettext("You’re keeping this number."))
    return redirect(url_for("numbers.listing"))


def _mine(session: Session, number_id: int) -> PhoneNumber:
    return number_for(session, member_in_charge(session), number_id)


def _kept(number: PhoneNumber) -> dict[str, Any]:
    return {"name": number.name, "line": number.line_id}


def _ending(number: PhoneNumber) -> dict[str, str]:
    return {"number": spelled(number.number), "day": at(number.ends_at or now() + NOTICE)}


def _rings_browsers(number: PhoneNumber) -> bool:
    """Whether calls to it can ring in browsers; some carriers have no phones there."""
    return services().network(number.carrier).browser_phones is not None


def _page(session: Session, number: PhoneNumber, form: Form) -> str:
    return render_template(
        "numbers/number.html",
        number=number,
        form=form,
        lines=[(str(line.id), line.name) for line in lines_for(session, member_in_charge(session))],
        releasable=number.role in BY_CHOICE,
        movable=number.role in MOVABLE,
        needed=is_needed(session, number),
        ends=_ending(number)["day"],
        kind=kind_name(number.number) if number.number else "",
        role=role_name(number),
        locked=is_locked(number),
        asked=open_request(session, number),
        owner=member_in_charge(session).role is Membership.OWNER,
        rings_browsers=_rings_browsers(number),
    )
