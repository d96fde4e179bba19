"""The page of the desk's people: who works now, notes from shift to shift, one's own shift, and the desk's targets."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Final

from babel.dates import format_skeleton
from flask import Blueprint, flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from service.accounts.platforms import is_platform, platforms
from service.desk import team
from service.errors import Invalid
from service.porting.targets import MOST, OURS, set_targets, targets_of
from service.targets import Target
from service.web.desk.forms import NoteForm, ShiftForm, TargetsForm
from service.web.shell.context import must_be_desk, person, services
from service.web.shell.form import Form
from service.web.shell.languages import language
from service.web.shell.requests import row_id
from service.web.shell.words import translated

blueprint = Blueprint("desk_team", __name__, url_prefix="/desk/team")

blueprint.before_request(must_be_desk)

TARGETS: Final[Mapping[Target, str]] = {
    Target.DRAFT: "A draft, until it’s sent",
    Target.FILING: "Being filed, until the carrier has it",
    Target.SIGNATURE: "Waiting for the signature",
    Target.SIMPLE: "Filed, until there’s a date: one number",
    Target.COMPLEX: "Filed, until there’s a date: several numbers",
    Target.CORRECTION: "Rejected, until it’s corrected",
    Target.CANCEL: "Canceling",
    Target.PROOF: "Arrived, until it’s tested",
}

_A_MONDAY: Final = date(2024, 1, 1)


@blueprint.get("/")
def show() -> str:
    """The page. `desk` in the address is the platform whose targets are shown; ours without one."""
    with services().sessions.begin() as session:
        people = team.shifts(session)
        return render_template(
            "desk/team.html",
            people=people,
            mine=next(one for one in people if one.user.id == person().id),
            notes=team.open_notes(session),
            weekdays=[_weekday(day) for day in range(7)],
            platforms=platforms(session),
            desk=(desk := _desk(session)),
            targets=targets_of(session, services().settings, desk),
            words=TARGETS,
            most=MOST,
        )


@blueprint.post("/notes")
def leave_note() -> Response:
    """Leave a note for the next shift."""
    return _done(lambda session: team.leave_note(session, person().id, Form(NoteForm(), request.form).data()["words"]))


@blueprint.post("/notes/<int:note_id>/done")
def take_over(note_id: int) -> Response:
    """Take a note over."""
    return _done(lambda session: team.take_over(session, note_id))


@blueprint.post("/shift")
def set_shift() -> Response:
    """Set one's own shift, and whether one gets the mail in the morning."""
    return _done(_set_shift)


@blueprint.post("/targets")
def change_targets() -> Response:
    """Set the targets of our desk, or for the transfers of a platform's workspaces."""
    return _done(_set_targets)


def _set_targets(session: Session) -> None:
    told = Form(TargetsForm(), request.form).data()
    set_targets(session, _desk(session), {target: told[target] for target in Target})


def _desk(session: Session) -> int:
    asked = request.args.get("desk", OURS, row_id)
    return asked if is_platform(session, asked) else OURS


def _set_shift(session: Session) -> None:
    told = Form(ShiftForm(), request.form).data()
    weekdays = [day for day in range(7) if told[f"day_{day}"]]
    team.keep_seat(
        session,
        person().id,
        morning_mail=told["morning_mail"],
        weekdays=weekdays,
        begins=told["begins"],
        ends=told["ends"],
    )


def _done(act: Callable[[Session], None]) -> Response:
    """Do it and show the page again, with the sentence of a refusal."""
    try:
        with services().sessions.begin() as session:
            act(session)
    except Invalid as refusal:
        flash(translated(next(iter(refusal.fields.values()))[0]), "wrong")
    return redirect(url_for("desk_team.show", desk=request.args.get("desk")))


def _weekday(day: int) -> str:
    return str(format_skeleton("EEE", _A_MONDAY + timedelta(days=day), locale=language().value))
