"""The page of a business's numbers, line by line."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any, Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from service.accounts.access import line_for, numbers_for
from service.accounts.models import IN_CHARGE, Member
from service.cutover.removing_lines import removed_lines
from service.errors import Conflict, TooMany
from service.lines.choosing import try_again
from service.lines.models import Line, PhoneNumber, Standing
from service.porting.queries import projects_for, state_of, yours_first
from service.porting.rollup import ProjectState
from service.web.numbers.words import kind_name, role_name
from service.web.shell.context import member, member_in_charge, services
from service.web.shell.security import limiter, signed_in_person

blueprint = Blueprint("numbers", __name__, url_prefix="/numbers")

PER_PAGE: Final = 50
_PAGES: Final = 1000

_ENDED: Final = frozenset({ProjectState.DONE, ProjectState.PARTLY_DONE, ProjectState.ENDED})


@blueprint.get("/")
def listing() -> str:
    """The page of all numbers: those that come, then those that are here."""
    with services().sessions.begin() as session:
        here = member(session)
        projects = [(one, state_of(one)) for one in yours_first(projects_for(session, here))]
        return render_template(
            "numbers/numbers.html",
            removed=removed_lines(session, here),
            projects=[(project, state) for project, state in projects if state not in _ENDED],
            **_listed(session, here),
        )


@blueprint.get("/list")
def latest() -> str:
    """The part of the page that is reloaded while a number is being bought."""
    with services().sessions.begin() as session:
        return render_template("numbers/_numbers.html", **_listed(session, member(session)))


@blueprint.post("/lines/<int:line_id>/again")
@limiter.limit("20/hour;60/day", key_func=signed_in_person)
def again(line_id: int) -> Response:
    """Have a number bought for a line that has none."""
    try:
        with services().sessions.begin() as session:
            try_again(session, services(), line_for(session, member_in_charge(session), line_id))
    except (Conflict, TooMany) as refusal:
        flash(gettext(str(refusal)), "wrong")
    return redirect(url_for("numbers.listing"))


def _listed(session: Session, here: Member) -> dict[str, Any]:
    page = min(max(request.args.get("page", 1, type=int), 1), _PAGES)
    rows = numbers_for(session, here, (page - 1) * PER_PAGE, PER_PAGE + 1)
    return {
        "lines": list(by_line(rows[:PER_PAGE])),
        "page": page,
        "more": len(rows) > PER_PAGE,
        "waiting": any(number and number.standing is Standing.WANTED for _, number in rows),
        "standings": Standing,
        "in_charge": here.role in IN_CHARGE,
        "kind_name": kind_name,
        "role_name": role_name,
    }


def by_line(rows: Sequence[tuple[Line, PhoneNumber | None]]) -> Iterator[tuple[Line, list[PhoneNumber]]]:
    """Each line with its numbers, from rows that stand line by line."""
    for _, group in groupby(rows, key=lambda row: row[0].id):
        of_line = list(group)
        yield of_line[0][0], [number for _, number in of_line if number]
