"""The page on which a person without an account gives details of a draft, by the link in a mail.

It shows who asks, for which numbers and what for, and no answer: neither theirs nor anybody else's.
"""

from typing import Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from service.errors import Invalid
from service.porting.details_request_mail import asker_of
from service.porting.details_requests import give_details, must_be_answerable, request_of
from service.porting.models import DetailsRequest
from service.porting.needs import asked_again
from service.porting.question_sets import Questions, optional
from service.web.shell.branding import show_workspace
from service.web.shell.context import services
from service.web.shell.form import Form
from service.web.shell.languages import use_language
from service.web.shell.security import limiter
from service.web.transfer.forms import port_form
from service.web.transfer.uploads import let_photos_in, uploaded_bill

blueprint = Blueprint("details", __name__, url_prefix="/details/<token>")
blueprint.url_value_preprocessor(let_photos_in)

Answer = str | Response | tuple[str, int]

NAMED: Final = 12
"""So many numbers are named; of more, how many there are."""


@blueprint.get("")
@limiter.limit("60/minute")
def show(token: str) -> str:
    """The page that asks for the details."""
    with services().sessions.begin() as session:
        wanted = _wanted(session, token)
        return _page(wanted, Form(port_form(_questions(wanted))))


@blueprint.post("")
@limiter.limit("30/hour")
def give(token: str) -> Answer:
    """Save the details."""
    with services().sessions.begin() as session:
        wanted = _wanted(session, token)
        form, workspace_id = Form(port_form(_questions(wanted)), request.form), wanted.project.workspace_id
    try:
        bill = uploaded_bill(workspace_id)
        with services().sessions.begin() as session:
            give_details(session, services(), _wanted(session, token), form.data(), bill)
    except Invalid as refusal:
        with services().sessions.begin() as session:
            return _page(_wanted(session, token), form.refused(refusal)), 422
    flash(gettext("Thank you. Saved."))
    return redirect(url_for(".show", token=token))


def _wanted(session: Session, token: str) -> DetailsRequest:
    """The request that the link belongs to, in its draft's language. Raises what says why it cannot be answered."""
    wanted = request_of(session, services(), token)
    show_workspace(wanted.project.workspace)
    use_language(wanted.project.language)
    must_be_answerable(session, wanted)
    return wanted


def _questions(wanted: DetailsRequest) -> Questions:
    return optional(asked_again(wanted.project, wanted.fields))


def _page(wanted: DetailsRequest, form: Form) -> str:
    project = wanted.project
    return render_template(
        "transfer/details.html",
        wanted=wanted,
        project=project,
        numbers=[number.number for number in project.numbers],
        named=NAMED,
        asker=asker_of(wanted),
        form=form,
        questions=_questions(wanted),
    )
