"""The form that registers a business for texts to the United States, and the page of where that stands.

What is entered is kept as it is sent, also while something is missing. Before a fee is due the answers are held against
the known reasons of refusal (`service/registration/concerns.py`), each a question on the same page.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from http import HTTPStatus
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from provisioning.contract.registration import BusinessKind, Fee
from service.accounts.change_log import Action, note
from service.accounts.models import Member
from service.errors import Invalid, NotFound
from service.language import Language
from service.lines.models import PhoneNumber
from service.lines.pools import texts_as_before
from service.registration.answers import lacking, page_of, send
from service.registration.asking_owner import ask_owner_again
from service.registration.concerns import Concern
from service.registration.fees import fees_of
from service.registration.legal import PRIVACY, consent
from service.registration.models import Business
from service.registration.pools import business_for
from service.registration.standing import Standing as Where
from service.registration.standing import State, business_in, standing
from service.registration.verifications import keeps_place_until, of_toll_free
from service.web.registration import words
from service.web.registration.answering import (
    business_to_answer,
    concerns_open,
    fee_now,
    may_send,
    schema_of,
)
from service.web.registration.forms import kept, store
from service.web.registration.prefill import fill
from service.web.shell.context import member_in_charge, registers_itself, services
from service.web.shell.form import Form
from service.web.shell.security import limiter, workspace_here

blueprint = Blueprint("registration", __name__, url_prefix="/texting")

Answer = str | Response | tuple[str, int]


@blueprint.get("")
def show() -> str:
    """The form of the workspace's business, or where its registration stands."""
    with services().sessions.begin() as session:
        here = in_charge(session)
        where = standing(session, here.workspace_id)
        if not may_send(where):
            return _status(session, here, where)
        business = _known(session, here)
        return form_page(session, business, where, Form(schema_of(where), kept=kept(business)))


@blueprint.post("")
@limiter.limit("60/hour", key_func=workspace_here)
def save() -> Answer:
    """Keep the answers; unless they are only saved for later, send them if nothing is missing or doubtful."""
    with services().sessions.begin() as session:
        here = in_charge(session)
        business, where = business_to_answer(session, here), standing(session, here.workspace_id)
        if not may_send(where):
            return redirect(url_for(".show"))
        form = Form(schema_of(where), request.form)
        try:
            form.must_be_based_on(kept(business))
            form_data = form.data()
        except Invalid as refusal:
            return form_page(session, business, where, form.refused(refusal)), HTTPStatus.UNPROCESSABLE_ENTITY
        store(business, form_data)
        session.flush()
        if "later" in request.form:
            flash(gettext("Saved. You can finish it later."))
            return redirect(url_for(".show"))
        return _send(session, here, business, where, agreed=form_data["agreed"])


@blueprint.post("/ask-owner")
@limiter.limit("5/hour;10/day", key_func=workspace_here)
def ask_owner() -> Response:
    """Have the owner of a sole proprietor's business texted again."""
    with services().sessions.begin() as session:
        ask_owner_again(session, in_charge(session).workspace_id)
    flash(gettext("The text is on its way. Reply YES to it within 24 hours."))
    return redirect(url_for(".show"))


def _send(session: Session, here: Member, business: Business, where: Where, *, agreed: bool) -> Answer:
    if again := form_again(session, business, where, agreed=agreed):
        return again
    send(session, services(), business, fee_now(business, where))
    return sent(session, here)


def form_again(session: Session, business: Business, where: Where, *, agreed: bool) -> Answer | None:
    """The form once more while something is missing or doubtful; None if it can be sent."""
    concerns, missing = _concerns(session, business, where), lacking(business)
    if not agreed:
        missing["agreed"] = ["Check this box to go on."]
    if not (missing or concerns or "use" in request.form):
        return None
    shown = Form(schema_of(where), kept=kept(business) | {"agreed": agreed})
    refused = shown.refused(Invalid({} if "use" in request.form else missing))
    return form_page(session, business, where, refused, concerns), HTTPStatus.UNPROCESSABLE_ENTITY


def sent(session: Session, here: Member) -> Response:
    """Note who sent it, and go to the page of where it stands."""
    note(session, workspace_id=here.workspace_id, user_id=here.user_id, action=Action.BUSINESS_SENT)
    flash(gettext("Sent. We write to you what happens."))
    return redirect(url_for("registration.show"))


def _concerns(session: Session, business: Business, where: Where) -> list[Concern]:
    """The doubts that are still open, about fields of the page. The wording that the person chose is taken over."""
    chosen = request.form.get("use")
    answered = [key for key in request.form.getlist("answered") if key != chosen]
    found = concerns_open(session, business, where, answered)
    taken = [one for one in found if one.instead and one.key == chosen]
    for one in taken:
        store(business, {one.field: one.instead})
    session.flush()
    return [one for one in found if one not in taken]


def in_charge(session: Session) -> Member:
    """The membership of an owner or admin. Raises `NotFound` where businesses do not register themselves."""
    here = member_in_charge(session)
    if not registers_itself():
        raise NotFound("We can’t find that page.")
    return here


def _known(session: Session, here: Member) -> Business:
    """The business as it was saved, or filled with what we know."""
    business = business_in(session, here.workspace_id) or Business(workspace_id=here.workspace_id, samples=[], ways=[])
    if not business.legal_name:
        with session.no_autoflush:
            fill(session, business, here)
    return business


def _fees(business: Business, where: Where) -> list[tuple[str, Decimal]]:
    """What it costs, line by line, in dollars; of another try what that costs alone."""
    known = fees_of(services(), services().home, business.kind or BusinessKind.LOW_VOLUME)
    again = fee_now(business, where) if where.state is State.REFUSED else 0
    shown: Mapping[Fee, int] = {Fee.REVIEW: again} if where.state is State.REFUSED else known
    return [(words.FEES[fee], Decimal(cents) / 100) for fee, cents in shown.items() if cents]


def form_page(session: Session, business: Business, where: Where, form: Form, concerns: Sequence[Concern] = ()) -> str:
    """The page of the form, with the doubts that are open."""
    return render_template(
        "registration/form.html",
        business=business,
        where=where,
        form=form,
        concerns=concerns,
        answered=[one.key for one in concerns] + request.form.getlist("answered"),
        fees=_fees(business, where),
        reasons=_reasons(where),
        **_toll_free(session, business),
        until=keeps_place_until(where),
        words=words,
    )


def _toll_free(session: Session, business: Business) -> dict[str, Any]:
    """The verifications of toll-free numbers, whether each can be corrected, and their numbers (E.164)."""
    found = of_toll_free(session, business)
    named = select(PhoneNumber).where(PhoneNumber.reference.in_([one.number for one, _ in found]))
    with_link = [(one, stands, may_send(stands)) for one, stands in found]
    return {"toll_free": with_link, "numbers": {one.reference: one.number for one in session.scalars(named)}}


def _reasons(where: Where) -> list[tuple[str, str]]:
    """Why it was refused, in plain words, each with the carrier's own."""
    return [(words.reason(one), one.text) for one in where.objections]


def _status(session: Session, here: Member, where: Where) -> str:
    business = business_for(session, here.workspace_id)
    return render_template(
        "registration/status.html",
        business=business,
        where=where,
        reasons=_reasons(where),
        page=page_of(services(), business),
        snippet=_snippet(business),
        texts=where.state is State.REGISTERED or texts_as_before(session, here.workspace_id),
        **_toll_free(session, business),
        words=words,
    )


def _snippet(business: Business) -> Mapping[str, Any]:
    """The words for the owner's own website, in English and in the language of their page."""
    return {
        language: f"{consent(business, language)}\n\n{PRIVACY[language]}"
        for language in dict.fromkeys((Language.ENGLISH, business.language))
    }
