"""The first page after signing in, and the page that shows a new workspace its number."""

from typing import Final

from flask import Blueprint, render_template
from sqlalchemy.orm import Session

from service.accounts.access import lines_for, numbers_for
from service.accounts.models import IN_CHARGE
from service.inbox.listing import View, listing
from service.lines.inventory import numbers_of, phones_on, shown_number
from service.lines.models import Line, PhoneNumber, Standing
from service.porting.queries import projects_for, state_of, yours_first
from service.porting.rollup import ProjectState
from service.web.inbox.previews import previews
from service.web.numbers.numbers import by_line
from service.web.numbers.words import role_name
from service.web.shell.context import member, services

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
        )


@blueprint.get("/welcome")
def welcome() -> str:
    """The page after the first sign-in, which shows the new number."""
    with services().sessions.begin() as session:
        line, number = _first(session)
        return render_template("home/welcome.html", line=line, number=number, standings=Standing)


@blueprint.get("/welcome/number")
def number() -> str:
    """The part of the welcome page that is reloaded until the number is bought."""
    with services().sessions.begin() as session:
        _, number = _first(session)
        return render_template("home/_first_number.html", number=number, standings=Standing)


def _first(session: Session) -> tuple[Line | None, PhoneNumber | None]:
    """The person's first line, and the number it is known by."""
    line = next(iter(lines_for(session, member(session))), None)
    return line, shown_number(numbers_of(session, line.id)) if line else None
