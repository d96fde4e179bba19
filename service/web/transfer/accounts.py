"""The accounts of a transfer at old operators: which number is on which, and how far each is."""

from collections import Counter
from dataclasses import dataclass
from typing import Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import ngettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from service.errors import Invalid, NotFound
from service.porting.accounts import accounts_of, drafts_beside, place_numbers
from service.porting.checks import missing
from service.porting.claims import unconfirmed
from service.porting.models import PortProject
from service.porting.number_lists import read_list
from service.porting.queries import state_of
from service.porting.rollup import ProjectState
from service.porting.states import State
from service.quotas import Quota
from service.web.shell.context import services
from service.web.shell.fields import wrong_lines
from service.web.shell.form import Form
from service.web.shell.languages import country_now
from service.web.shell.room import require_room
from service.web.transfer.draft_steps import my_draft
from service.web.transfer.forms import ListForm
from service.web.transfer.questions import continue_at

blueprint = Blueprint("accounts", __name__, url_prefix="/ports/<public_id>/accounts")

Answer = str | Response | tuple[str, int]

NEW: Final = "new"
"""Chosen for an account that is not there yet."""


@dataclass(frozen=True, slots=True)
class Summary:
    """An account: its place among those of the transfer, where to go on with it, and how many numbers are where.

    `complete` is whether nothing of a draft is missing. `here` is whether it is the one whose page this is.
    """

    project: PortProject
    position: int
    link: str
    draft: bool
    complete: bool
    here: bool
    states: dict[State, int]


@blueprint.get("")
def show(public_id: str) -> str:
    """The page of the accounts, on which numbers are put on another one."""
    return _page(public_id, Form(ListForm()))


@blueprint.post("")
def place(public_id: str) -> Answer:
    """Put numbers on an account: one of the transfer, or a new one."""
    form = Form(ListForm(), request.form)
    try:
        with services().sessions.begin() as session:
            project = my_draft(session, public_id)
            target = place_numbers(session, project, _read(form.data()["list"]), _chosen(session, project))
            placed = len(target.numbers)
    except Invalid as refusal:
        return _page(public_id, form.refused(refusal)), 422
    flash(ngettext("Saved. That account has %(num)d number.", "Saved. That account has %(num)d numbers.", placed))
    return redirect(url_for(".show", public_id=public_id))


def summaries(session: Session, project: PortProject) -> list[Summary]:
    """The accounts of a project's transfer; empty where it has only one."""
    accounts = accounts_of(session, project)
    if len(accounts) <= 1:
        return []
    return [_summary(one, position, here=one is project) for position, one in enumerate(accounts, 1)]


def is_complete(project: PortProject) -> bool:
    """Whether nothing of a draft is missing but the statements that are confirmed as it is sent."""
    return not (missing(project) | unconfirmed(services(), project)).keys() - {"agreed"}


def _summary(project: PortProject, position: int, *, here: bool) -> Summary:
    draft = state_of(project) is ProjectState.DRAFT
    complete = draft and is_complete(project)
    return Summary(
        project=project,
        position=position,
        link=_link(project, draft=draft, complete=complete),
        draft=draft,
        complete=complete,
        here=here,
        states=dict(Counter(number.state for number in project.numbers)),
    )


def _link(project: PortProject, *, draft: bool, complete: bool) -> str:
    if draft and not complete:
        return continue_at(project)
    return url_for("review.show" if draft else "ports.show", public_id=project.public_id)


def _read(typed: str) -> list[str]:
    found = read_list(typed, country_now())
    if found.wrong:
        raise Invalid({"list": list(wrong_lines(found.wrong, typed))})
    if not found.numbers:
        raise Invalid({"list": ["Enter at least one number."]})
    return found.numbers


def _chosen(session: Session, project: PortProject) -> PortProject | None:
    chosen = request.form.get("account", NEW)
    if chosen == NEW:
        require_room(session, Quota.DRAFTS, field="list")
        return None
    drafts = {str(one.id): one for one in [project, *drafts_beside(session, project)]}
    if chosen not in drafts:
        raise NotFound("We can’t find that account.")
    return drafts[chosen]


def _page(public_id: str, form: Form) -> str:
    with services().sessions.begin() as session:
        project = my_draft(session, public_id)
        accounts = summaries(session, project) or [_summary(project, 1, here=True)]
        return render_template(
            "transfer/accounts.html",
            project=project,
            accounts=accounts,
            form=form,
            chosen=request.form.get("account", NEW),
            new=NEW,
            following=next((one.link for one in accounts if one.draft and not one.complete), accounts[0].link),
        )
