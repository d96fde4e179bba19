"""The page of how calls of a business show at those called: its name, signed, and known to spam filters."""

from http import HTTPStatus
from typing import Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from marshmallow import fields, validate
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from provisioning.contract.caller_trust import LONGEST_CALLER_NAME
from provisioning.contract.registration import Mender, Stage
from service.accounts.models import Member
from service.errors import Invalid
from service.lines.models import Line, PhoneNumber, Standing
from service.lines.showing_calls import can_show
from service.registration.callers import is_open, of_calls, offered, proposed_name, register_calls
from service.registration.legal import name_of
from service.registration.models import Business, Registration, Subject
from service.registration.pools import business_for
from service.registration.standing import business_in, objections_of
from service.web.registration import words
from service.web.registration.registration import in_charge
from service.web.shell.context import services
from service.web.shell.fields import Typed, text
from service.web.shell.form import Form, FormSchema
from service.web.shell.security import limiter, workspace_here

blueprint = Blueprint("caller_name", __name__, url_prefix="/caller-name")

Answer = str | Response | tuple[str, int]

_HOW_MANY: Final = "Enter a number."
_MENDABLE: Final = frozenset({Mender.CUSTOMER, Mender.WORDING})


class CallerForm(FormSchema):
    """The name that calls show, and what spam filters want to know of a business."""

    caller_name = Typed(text, longest=LONGEST_CALLER_NAME, required="Enter the name.")
    employees = fields.Integer(
        required=True,
        validate=validate.Range(1, 100_000, error=_HOW_MANY),
        error_messages={"required": _HOW_MANY, "invalid": _HOW_MANY},
    )
    calls_a_day = fields.Integer(
        required=True,
        validate=validate.Range(1, 100_000, error=_HOW_MANY),
        error_messages={"required": _HOW_MANY, "invalid": _HOW_MANY},
    )


@blueprint.get("")
def show() -> str:
    """Where each part stands, for each number, and the form while there is something to send."""
    with services().sessions.begin() as session:
        here = in_charge(session)
        business = business_in(session, here.workspace_id)
        return _page(session, here, business, Form(CallerForm(), kept=_kept(here, business)))


@blueprint.post("")
@limiter.limit("20/hour", key_func=workspace_here)
def send() -> Answer:
    """Keep the answers and have all of it registered."""
    form = Form(CallerForm(), request.form)
    try:
        with services().sessions.begin() as session:
            business = business_for(session, in_charge(session).workspace_id)
            for name, answer in form.data().items():
                setattr(business, name, answer)
            register_calls(session, services(), business)
    except Invalid as refusal:
        with services().sessions.begin() as session:
            here = in_charge(session)
            page = _page(session, here, business_in(session, here.workspace_id), form.refused(refusal))
            return page, HTTPStatus.UNPROCESSABLE_ENTITY
    flash(gettext("Sent. This page says where it stands."))
    return redirect(url_for(".show"))


def _kept(here: Member, business: Business | None) -> dict[str, str | int]:
    name = (name_of(business) if business else "") or here.workspace.name
    if business is None:
        return {"caller_name": proposed_name(name)}
    answers = {"employees": business.employees or "", "calls_a_day": business.calls_a_day or ""}
    return {"caller_name": business.caller_name or proposed_name(name), **answers}


def _page(session: Session, here: Member, business: Business | None, form: Form) -> str:
    sent, wanted = of_calls(business), offered(services(), business)
    return render_template(
        "registration/caller_name.html",
        form=form,
        open=is_open(session, business),
        parts=[(subject, sent.get(subject), _reasons(sent.get(subject))) for subject in wanted],
        asks=any(_is_to_be_sent(sent.get(subject)) for subject in wanted),
        numbers=_numbers(session, here, sent),
        words=words,
    )


def _is_to_be_sent(registration: Registration | None) -> bool:
    if registration is None:
        return True
    refused = registration.stage is Stage.REFUSED
    return refused and any(one.mender in _MENDABLE for one in objections_of(registration))


def _reasons(registration: Registration | None) -> list[str]:
    return [words.reason(one) for one in objections_of(registration)] if registration else []


def _numbers(session: Session, here: Member, sent: dict[Subject, Registration]) -> list[tuple[str, list[str]]]:
    """Each number of the workspace, with a word for each part that was sent: shown, soon, or not for this number."""
    held = (Line.workspace_id == here.workspace_id, PhoneNumber.standing == Standing.HELD)
    numbers = session.scalars(select(PhoneNumber).join(Line).where(*held).order_by(PhoneNumber.id)).all()
    return [(one.number, [_word(one, registration) for registration in sent.values()]) for one in numbers]


def _word(number: PhoneNumber, registration: Registration) -> str:
    if not can_show(number, registration.subject):
        return words.NOT_HERE
    is_on = registration.stage is Stage.APPROVED and number.reference in registration.numbers
    return words.SHOWN if is_on else words.SOON
