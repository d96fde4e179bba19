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
from service.accounts.change_log import Action, differences, note
from service.accounts.models import IN_CHARGE
from service.calls.changing import forget_phones
from service.calls.owners import find_owners
from service.calls.queries import Answering, answering_on, earlier_plan
from service.calls.simulation import SimulatedCaller, simulate_call
from service.errors import Invalid, NotFound
from service.lines.inventory import held_among, numbers_of, shown_number
from service.lines.models import Line, Phone
from service.phone_numbers import spellings, without_extension
from service.spending.destinations import barrier
from service.time import now
from service.web.lines.forms import LineForm, TryForm
from service.web.lines.plan_drawing import draw, unused
from service.web.lines.plan_words import describe, forwarding_words
from service.web.shell.context import member, member_in_charge, services
from service.web.shell.form import Form
from service.web.shell.scoped import my_line
from service.web.shell.words import spelled

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
    """Save a line's name and phones. The next call follows them."""
    form = Form(LineForm(), request.form)
    try:
        with services().sessions.begin() as session:
            changer, line = member_in_charge(session), my_line(session, line_id)
            session.refresh(line, with_for_update=True)  # simultaneous changes are made one after the other
            before, form_data = _logged(line.name, {one.number: one.name for one in line.phones}), form.data()
            form.must_be_based_on(_kept(line), told=("name", "phones"))
            _keep(session, line, form_data)
            note(
                session,
                workspace_id=line.workspace_id,
                user_id=changer.user_id,
                action=Action.LINE_CHANGED,
                subject=line.name,
                details=differences(before, _logged(form_data["name"], form_data["phones"])),
            )
    except Invalid as refusal:
        with services().sessions.begin() as session:
            return _page(session, my_line(session, line_id), form.refused(refusal)), 422
    flash(gettext("Saved. The next call is answered this way."))
    return redirect(url_for("line.show", line_id=line_id))


def _page(session: Session, line: Line, form: Form) -> str:
    numbers = numbers_of(session, line.id)
    answering = answering_on(session.connection(), line.id)
    if answering is None:
        raise NotFound("There is no such line.")
    answering = answering.within({*services().settings.countries, line.country})
    mine = member(session)
    zone = ZoneInfo(answering.plan.hours.zone if answering.plan.hours else mine.workspace.zone)
    called = shown_number(numbers)
    return render_template(
        "lines/line.html",
        line=line,
        numbers=numbers,
        form=form,
        plan=answering.plan,
        picture=draw(answering),
        forwarding=forwarding_words(answering.plan.forwarding) if answering.plan.forwarding else "",
        unused=unused(answering),
        in_charge=mine.role in IN_CHARGE,
        earlier=earlier_plan(session, line.id),
        **_tried(answering, called.number if called else "", zone),
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


def _logged(name: str, phones: Mapping[str, str]) -> Mapping[str, Any]:
    """What the log keeps of a line's settings. `phones` are names by number (E.164)."""
    return {"name": name, "phones": [f"{spelled(number)} {owner}".strip() for number, owner in phones.items()]}


def _kept(line: Line) -> Mapping[str, Any]:
    phones = [f"{spelled(rung.number)} {rung.name}".strip() for rung in line.phones]
    return {"name": line.name, "phones": "\n".join(phones)}


def _keep(session: Session, line: Line, form_data: Mapping[str, Any]) -> None:
    line.name = form_data["name"]
    _ring(session, line, form_data["phones"])


def _ring(session: Session, line: Line, phones: Mapping[str, str]) -> None:
    """Set the phones of a line, in order. Raises `Invalid` for ours, which would loop, and where calls may not go."""
    if held_among(session, {spelling for number in phones for spelling in spellings(without_extension(number))}):
        raise Invalid({"phones": ["One of these is a number that is here already: calls would go round in circles."]})
    countries = {*services().settings.countries, line.country}
    if barred := sorted({found.value for number in phones if (found := barrier(number, countries))}):
        raise Invalid({"phones": barred})
    known = {rung.number: rung for rung in line.phones}
    for number in known.keys() - phones.keys():
        session.delete(known[number])
    for position, (number, name) in enumerate(phones.items()):
        rung = known.get(number) or Phone(line_id=line.id, number=number)
        rung.position, rung.name = position, name
        session.add(rung)
    find_owners(session, line.workspace_id)
    forget_phones(session, line)
