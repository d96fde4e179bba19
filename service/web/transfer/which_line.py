"""The page that asks to which line each number of a transfer comes."""

from collections.abc import Mapping, Sequence
from typing import Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from service.accounts.access import lines_for
from service.errors import NotFound
from service.lines.inventory import temporary_numbers
from service.lines.models import Line
from service.porting.lines import choose_line
from service.porting.models import PortNumber, PortProject
from service.web.shell.context import member, services
from service.web.shell.words import phone
from service.web.transfer.draft_steps import my_draft
from service.web.transfer.questions import WHICH_LINE, next_step

blueprint = Blueprint("which_line", __name__, url_prefix="/ports/<public_id>/lines")

PER_PAGE: Final = 50
_PAGES: Final = 100
OWN: Final = "own"
"""Chosen for a line of its own."""


@blueprint.get("")
def ask(public_id: str) -> str:
    """The page of the project's numbers, each with its line."""
    with services().sessions.begin() as session:
        project, page = my_draft(session, public_id), _page_number()
        shown = project.numbers[(page - 1) * PER_PAGE : page * PER_PAGE]
        return render_template(
            "transfer/which_line.html",
            project=project,
            numbers=[(number, _choice_of(number)) for number in shown],
            choices=_choices(session, project),
            own=OWN,
            page=page,
            more=page * PER_PAGE < len(project.numbers),
            answered=WHICH_LINE in project.answered,
            following=next_step(project),
        )


@blueprint.post("")
def choose(public_id: str) -> Response:
    """Save the line of each number on the page, or one choice for all numbers of the project."""
    with services().sessions.begin() as session:
        project = my_draft(session, public_id)
        everywhere, lines = request.form.get("all", ""), _by_choice(session)
        if everywhere:
            choose_line(project, project.numbers, _line(lines, everywhere))
        else:
            _choose_each(project, lines)
        if WHICH_LINE not in project.answered:
            project.answered = [*project.answered, WHICH_LINE]
        session.flush()
        following = next_step(project)
    if everywhere and len(project.numbers) > 1:
        flash(gettext("Saved for all numbers."))
        return redirect(url_for("which_line.ask", public_id=public_id))
    return redirect(following)


def _choose_each(project: PortProject, lines: Mapping[str, Line | None]) -> None:
    for number in project.numbers:
        chosen = request.form.get(f"line-{number.id}", "")
        if chosen and chosen != _choice_of(number):
            choose_line(project, [number], _line(lines, chosen))


def _by_choice(session: Session) -> dict[str, Line | None]:
    """The lines that the person sees, by how each is chosen; None is a line of its own for each number."""
    return {OWN: None, **{str(line.id): line for line in lines_for(session, member(session))}}


def _line(lines: Mapping[str, Line | None], chosen: str) -> Line | None:
    if chosen not in lines:
        raise NotFound("There is no such line.")
    return lines[chosen]


def _choice_of(number: PortNumber) -> str:
    return OWN if number.opens_line else str(number.line_id)


def _choices(session: Session, project: PortProject) -> Sequence[tuple[str, str]]:
    lines = lines_for(session, member(session))
    replaced = temporary_numbers(session, lines)
    words = [(str(line.id), _words(line, replaced.get(line.id, ""))) for line in lines]
    return [*words, (OWN, gettext("A new line, set up like %(line)s", line=project.line.name))]


def _words(line: Line, temporary: str) -> str:
    if temporary:
        return gettext("%(line)s, in place of %(number)s", line=line.name, number=phone(temporary))
    return line.name


def _page_number() -> int:
    return min(max(request.args.get("page", 1, type=int), 1), _PAGES)
