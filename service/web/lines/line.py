"""The page of a line: its call plan as a picture, a trial call, its name and its phones."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from service.accounts.access import lines_for
from service.accounts.members import team_of
from service.calls.browser_phones import kept_off
from service.calls.phones import phones_on_line
from service.calls.queries import Answering
from service.calls.simulation import SimulatedCaller, simulate_call
from service.cutover.removing_lines import removable
from service.errors import Invalid
from service.lines.inventory import shown_number
from service.lines.models import Line
from service.time import now
from service.web.lines.forms import LineForm, TryForm
from service.web.lines.phones import logged_line, note_line, removed_from
from service.web.lines.plan_words import describe
from service.web.lines.studio import studio
from service.web.shell.context import member, member_in_charge, services
from service.web.shell.form import Form
from service.web.shell.scoped import my_line

blueprint = Blueprint("line", __name__, url_prefix="/lines")

Answer = str | Response | tuple[str, int]

TRIAL_CALLER: Final = "+12025550143"
"""The caller of a trial call for which no number is given: a number reserved for fiction."""


@blueprint.get("/")
def first() -> Response:
    """Redirect to the person's only line, or to the page that lists several."""
    with services().sessions.begin() as session:
        lines = lines_for(session, member(session))
    alone = len(lines) == 1
    return redirect(url_for("line.show", line_id=lines[0].id) if alone else url_for("numbers.listing"))


@blueprint.get("/<int:line_id>")
def show(line_id: int) -> str:
    """The page of a line. With `when` in the address it also shows a trial call."""
    with services().sessions.begin() as session:
        line = my_line(session, line_id)
        return _page(session, line, Form(LineForm(), kept=_kept(line)))


@blueprint.post("/<int:line_id>")
def change(line_id: int) -> Answer:
    """Save a line's name."""
    form = Form(LineForm(), request.form)
    try:
        with services().sessions.begin() as session:
            changer, line = member_in_charge(session), my_line(session, line_id)
            session.refresh(line, with_for_update=True)  # simultaneous changes are made one after the other
            before, form_data = logged_line(session, line), form.data()
            form.must_be_based_on(_kept(line), told=("name",))
            line.name = form_data["name"]
            note_line(session, changer, line, before)
    except Invalid as refusal:
        with services().sessions.begin() as session:
            return _page(session, my_line(session, line_id), form.refused(refusal)), 422
    flash(gettext("Saved."))
    return redirect(url_for("line.show", line_id=line_id))


def _page(session: Session, line: Line, form: Form) -> str:
    around = studio(session, line)
    hours, called = around["plan"].hours, shown_number(around["numbers"])
    zone = ZoneInfo(hours.zone if hours else member(session).workspace.zone)
    return render_template(
        "lines/line.html",
        form=form,
        phones=phones_on_line(session, line),
        team={one.user_id: one for one in team_of(session, line.workspace_id)},
        removed=removed_from(line),
        browsers_off=kept_off(session, line),
        removable=removable(session, line),
        **around,
        **_tried(around["answering"], called.number if called else "", zone),
    )


def _tried(line: Answering, called: str, zone: ZoneInfo) -> Mapping[str, Any]:
    """What the page shows of a trial call: its form, and its story if the address asks for one."""
    here = now().astimezone(zone)
    sunday = (here + timedelta(days=6 - here.weekday())).replace(hour=10, minute=0)
    offered = {"at": here, "zone": zone, "sunday": f"{sunday:%Y-%m-%dT%H:%M}", "present": f"{here:%Y-%m-%dT%H:%M}"}
    asked = Form(TryForm(), request.args if "when" in request.args else None, kept={"when": offered["present"]})
    if request.method != "GET" or "when" not in request.args:
        return {"trying": asked, "story": [], **offered}
    try:
        form_data = asked.data()
    except Invalid as refusal:
        return {"trying": asked.refused(refusal), "story": [], **offered}
    at = (form_data["when"] or here.replace(tzinfo=None)).replace(tzinfo=zone)
    caller = SimulatedCaller(
        "" if form_data["hidden"] else form_data["caller"] or TRIAL_CALLER, form_data["keys"], form_data["answered"]
    )
    story = [describe(step) for step in simulate_call(line, caller, called, at)]
    return {"trying": asked, "story": story, **offered, "at": at}


def _kept(line: Line) -> Mapping[str, Any]:
    return {"name": line.name}
