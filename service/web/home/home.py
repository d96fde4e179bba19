"""The first page after signing in, and the page that shows a new workspace its number."""

from collections.abc import Sequence
from typing import Any, Final

from flask import Blueprint, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from service.accounts.access import lines_for, numbers_for
from service.accounts.models import IN_CHARGE, Member
from service.inbox.listing import View, listing
from service.lines.inventory import numbers_of, phones_on, shown_number
from service.lines.models import Line, PhoneNumber, Standing
from service.porting.queries import projects_for, state_of, yours_first
from service.porting.rollup import ProjectState
from service.registration.pools import awaits_registration
from service.web.home.checklist import checklist
from service.web.home.forms import ChecklistForm
from service.web.inbox.previews import previews
from service.web.numbers.numbers import by_line
from service.web.numbers.words import role_name
from service.web.shell.context import member, registers_itself, services
from service.web.shell.form import Form

blueprint = Blueprint("home", __name__)

_SHOWN: Final = 10
"""Numbers on the home page; the page of numbers has all of them."""

_ON_ITS_WAY = frozenset({ProjectState.UNDERWAY, ProjectState.ACTION_REQUIRED})


@blueprint.get("/home")
def show() -> str:
    """The home page: lines with their numbers, ports under way, and the latest conversations."""
    with services().sessions.begin() as session:
        here = member(session)
        workspace, lines = here.workspace, lines_for(session, here)
        projects = projects_for(session, here)
        latest = listing(session, here, lines, View.OPEN, most=5)
        return render_template(
            "home/home.html",
            workspace=workspace,
            lines=list(by_line(numbers_for(session, here, 0, _SHOWN))),
            phones=phones_on(session, lines),
            more=len(lines) > _SHOWN,
            projects=[project for project in yours_first(projects) if state_of(project) in _ON_ITS_WAY],
            drafts=[project for project in projects if state_of(project) is ProjectState.DRAFT],
            listing=latest,
            only=None,
            previews=previews(session, [row.conversation for row in latest.rows]),
            standings=Standing,
            role_name=role_name,
            in_charge=here.role in IN_CHARGE,
            **_first_steps(session, here, lines),
        )


@blueprint.get("/checklist")
def steps() -> str:
    """The checklist alone, which its pages reload while steps are open; nothing for members who have none."""
    with services().sessions.begin() as session:
        here = member(session)
        found = _first_steps(session, here, lines_for(session, here)[:1])
        return render_template("home/_checklist.html", workspace=here.workspace, **found) if found["checklist"] else ""


@blueprint.post("/checklist")
def put_away() -> Response:
    """Put the checklist of the first day away, or get it back."""
    form_data = Form(ChecklistForm(), request.form).data()
    with services().sessions.begin() as session:
        member(session).hides_checklist = form_data["away"]
    return redirect(url_for("home.show"))


@blueprint.get("/welcome")
def welcome() -> str:
    """The page after the first sign-in, which shows the new number."""
    with services().sessions.begin() as session:
        line, number = _first(session)
        here = member(session)
        steps = _first_steps(session, here, [line] if line else [])
        return render_template(
            "home/welcome.html", workspace=here.workspace, line=line, **_about(session, number), **steps
        )


@blueprint.get("/welcome/number")
def number() -> str:
    """The part of the welcome page that is reloaded until the number is bought."""
    with services().sessions.begin() as session:
        _, number = _first(session)
        return render_template("home/_first_number.html", **_about(session, number))


def _about(session: Session, number: PhoneNumber | None) -> dict[str, Any]:
    """What the first number's part of a page shows."""
    texts = number is not None and number.texts_since is not None
    awaits = not texts and awaits_registration(session, member(session).workspace_id)
    return {"number": number, "standings": Standing, "awaits_registration": awaits}


def _first_steps(session: Session, here: Member, lines: Sequence[Line]) -> dict[str, Any]:
    """The checklist, for those in charge of a business that has a line; and where each of its steps leads."""
    if here.role not in IN_CHARGE or not lines:
        return {"checklist": None}
    number = shown_number(numbers_of(session, lines[0].id))
    return {
        "checklist": checklist(session, here, registers=registers_itself()),
        "away": here.hides_checklist,
        "addresses": {
            "number": url_for("home.welcome"),
            "call": f"tel:{number.number}" if number else url_for("home.welcome"),
            "phones": url_for("phones.ask", line_id=lines[0].id),
            "hours": url_for("plan.hours", line_id=lines[0].id),
            "transfer": url_for("bring.ask"),
            "texting": url_for("registration.show"),
            "team": url_for("invitations.ask"),
        },
    }


def _first(session: Session) -> tuple[Line | None, PhoneNumber | None]:
    """The person's first line, and the number it is known by."""
    line = next(iter(lines_for(session, member(session))), None)
    return line, shown_number(numbers_of(session, line.id)) if line else None
