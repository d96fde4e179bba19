"""The public page of a business: who it is, signing up for its texts, its terms and what it does with mobile numbers.

Reviewers of carriers look at it. It is there once the answers were sent, and while the workspace is not paused.
"""

from http import HTTPStatus
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_limiter.util import get_remote_address
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from service.accounts.models import Workspace
from service.errors import Conflict, Invalid, NotFound
from service.inbox.agreeing import Agreement, agree
from service.inbox.contacts import is_known
from service.lines.inventory import lines_of, numbers_of, shown_number
from service.lines.models import Line
from service.quotas import Quota
from service.registration.answers import page_of
from service.registration.legal import PRIVACY, confirmation, consent, name_of
from service.registration.models import Business
from service.web.registration.forms import SignUpForm
from service.web.shell.branding import show_workspace
from service.web.shell.context import services
from service.web.shell.form import Form
from service.web.shell.languages import language, use_language
from service.web.shell.room import require_room
from service.web.shell.security import limiter, network

blueprint = Blueprint("business_page", __name__, url_prefix="/b/<slug>")

Answer = str | Response | tuple[str, int]


def _page_asked() -> str:
    """Key for limits on one business's page."""
    return f"page {request.view_args['slug'] if request.view_args else ''}"


@blueprint.get("")
@limiter.limit("60/minute")
def show(slug: str) -> str:
    """Who the business is, and signing up for its texts."""
    with services().sessions.begin() as session:
        return _page(session, _business(session, slug), Form(SignUpForm()))


@blueprint.post("")
@limiter.limit("10/hour", key_func=network)
@limiter.limit("100/hour;500/day", key_func=_page_asked)
def sign_up(slug: str) -> Answer:
    """Sign up for the texts of the business. The answer is the same whether a number is known, or has sent STOP."""
    form = Form(SignUpForm(), request.form)
    try:
        with services().sessions.begin() as session:
            business = _business(session, slug)
            _agree(session, business, form.data()["number"])
    except Invalid as refusal:
        with services().sessions.begin() as session:
            return _page(session, _business(session, slug), form.refused(refusal)), HTTPStatus.UNPROCESSABLE_ENTITY
    flash(gettext("Thank you, you are signed up. If you once replied STOP to this business, text START to it first."))
    return redirect(url_for(".show", slug=slug))


@blueprint.get("/terms")
@limiter.limit("60/minute")
def terms(slug: str) -> str:
    """The terms of the business's texts."""
    with services().sessions.begin() as session:
        return render_template("registration/terms.html", **_facts(session, _business(session, slug)))


@blueprint.get("/privacy")
@limiter.limit("60/minute")
def privacy(slug: str) -> str:
    """What the business does with mobile numbers."""
    with services().sessions.begin() as session:
        return render_template("registration/privacy.html", **_facts(session, _business(session, slug)))


def _business(session: Session, slug: str) -> Business:
    """The business with this page, in its language unless the visitor has chosen another. Raises `NotFound`."""
    business = session.scalar(select(Business).where(Business.slug == slug, Business.confirmed_at.is_not(None)))
    workspace = session.get(Workspace, business.workspace_id) if business else None
    if business is None or workspace is None or workspace.paused_at is not None:
        raise NotFound("We can’t find that page.")
    show_workspace(workspace)
    use_language(business.language)
    return business


def _agree(session: Session, business: Business, number: str) -> None:
    line = _line(session, business)
    if not is_known(session, line, number):
        require_room(session, Quota.CONTACTS, field="number", workspace_id=business.workspace_id)
    agreement = Agreement(number, consent(business, language()), page_of(services(), business), get_remote_address())
    agree(session, line, agreement, confirmation(business, language()))


def _line(session: Session, business: Business) -> Line:
    """The line from which the business texts those who sign up: its first."""
    lines = lines_of(session, business.workspace_id)
    if not lines:
        raise Conflict("This business has no phone line yet. Please try again later.")
    return lines[0]


def _page(session: Session, business: Business, form: Form) -> str:
    return render_template("registration/page.html", form=form, **_facts(session, business))


def _facts(session: Session, business: Business) -> dict[str, Any]:
    lines = lines_of(session, business.workspace_id)
    number = shown_number(numbers_of(session, lines[0].id)) if lines else None
    return {
        "business": business,
        "name": name_of(business),
        "number": number.number if number else "",
        "consent": consent(business, language()),
        "not_shared": PRIVACY[language()],
    }
