"""The form that corrects what was refused about a toll-free number."""

from http import HTTPStatus

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from service.accounts.models import Member
from service.errors import Invalid, NotFound
from service.registration.models import Business, Registration, Subject
from service.registration.standing import standing_of
from service.registration.verifications import verify_again
from service.web.registration.answering import may_send, schema_of
from service.web.registration.forms import kept, store
from service.web.registration.registration import form_again, form_page, in_charge, sent
from service.web.shell.context import services
from service.web.shell.form import Form
from service.web.shell.security import limiter, workspace_here

blueprint = Blueprint("verifications", __name__, url_prefix="/texting/toll-free/<reference>")

Answer = str | Response | tuple[str, int]


@blueprint.get("")
def show(reference: str) -> Answer:
    """The fields that were refused; the page of all registrations where there is nothing to correct."""
    with services().sessions.begin() as session:
        registration = _mine(session, in_charge(session), reference)
        where = standing_of(registration)
        if not may_send(where):
            return redirect(url_for("registration.show"))
        business = registration.business
        return form_page(session, business, where, Form(schema_of(where), kept=kept(business)))


@blueprint.post("")
@limiter.limit("20/hour", key_func=workspace_here)
def send(reference: str) -> Answer:
    """Keep the answers, and submit them if nothing is missing or doubtful."""
    with services().sessions.begin() as session:
        here = in_charge(session)
        registration = _mine(session, here, reference)
        where = standing_of(registration)
        if not may_send(where):
            return redirect(url_for("registration.show"))
        form = Form(schema_of(where), request.form)
        try:
            form.must_be_based_on(kept(registration.business))
            form_data = form.data()
        except Invalid as refusal:
            page = form_page(session, registration.business, where, form.refused(refusal))
            return page, HTTPStatus.UNPROCESSABLE_ENTITY
        store(registration.business, form_data)
        session.flush()
        if "later" in request.form:
            flash(gettext("Saved. You can finish it later."))
            return redirect(url_for(".show", reference=reference))
        if again := form_again(session, registration.business, where, agreed=form_data["agreed"]):
            return again
        verify_again(session, services(), registration)
        return sent(session, here)


def _mine(session: Session, here: Member, reference: str) -> Registration:
    """The verification of a number of the workspace, by the carrier's id of the number, locked. Raises `NotFound`."""
    mine = (Business.workspace_id == here.workspace_id, Registration.number == reference)
    found = select(Registration).join(Registration.business).where(*mine, Registration.subject == Subject.TOLL_FREE)
    registration = session.scalar(found.with_for_update())
    if registration is None:
        raise NotFound("We can’t find that number.")
    return registration
