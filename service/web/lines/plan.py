"""Pages of a line's call plan: one node beside the picture of all, and the opening hours."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from service.calls.greetings import Sound, add, put_away, recorded_for
from service.calls.nodes import KEYS, Menu, Node, Plan, ways_on
from service.calls.queries import Answering, answering_on
from service.calls.starting_plans import Start, started
from service.errors import Conflict, Invalid, NotFound
from service.lines.models import Line
from service.quotas import Quota
from service.web.lines.node_forms import NEW, Changed, begun, changed, kept, kind, node_form
from service.web.lines.opening_hours import (
    DAYS,
    SWITCHES,
    HoursForm,
    holiday_regions,
    hours_of,
    hours_shown,
    time_zones,
    with_first_day_copied,
)
from service.web.lines.plan_changes import change_plan, put_plan_back
from service.web.lines.plan_words import KINDS, title, weekday
from service.web.lines.studio import studio
from service.web.shell.context import member, member_in_charge, services
from service.web.shell.form import Form
from service.web.shell.room import require_room, require_room_for_file
from service.web.shell.scoped import my_line
from service.web.shell.words import at

blueprint = Blueprint("plan", __name__, url_prefix="/lines/<int:line_id>/plan")

Answer = str | Response | tuple[str, int]


@blueprint.get("/steps/<name>")
def step(line_id: int, name: str) -> str:
    """The page of one node."""
    with services().sessions.begin() as session:
        line = answering(session, line_to_change(session, line_id))
    return _step_page(line, name, Form(node_form(_node(line, name), line), kept=kept(_node(line, name))))


@blueprint.post("/steps/<name>")
def change_step(line_id: int, name: str) -> Answer:
    """Save a node, then show the first node that this created."""
    with services().sessions.begin() as session:
        line = answering(session, line_to_change(session, line_id))
        form = Form(node_form(_node(line, name), line), request.form)
    if not {"add_key", "drop_key"}.isdisjoint(request.form):  # nothing is saved yet: the page comes back
        return _step_page(line, name, form)
    try:
        form_data, sound = form.data(), _sound()
        form_data |= {"recording": sound.media} if sound else {}
        made = keep_changed(line_id, name, lambda plan: _changed(plan, name, form, form_data), sound)
    except Invalid as refusal:
        return _step_page(line, name, form.refused(refusal)), 422
    return after(line_id, made)


@blueprint.post("/steps/<name>/remove")
def remove(line_id: int, name: str) -> Response:
    """Remove a node that no call reaches."""
    keep_changed(line_id, name, lambda plan: _without(plan, name))
    return after(line_id, ())


@blueprint.post("/back")
def back(line_id: int) -> Response:
    """Restore the plan from before the last change."""
    try:
        with services().sessions.begin() as session:
            changer, line = member_in_charge(session), my_line(session, line_id)
            put_plan_back(session, changer, line, services().settings.countries)
    except Invalid as refusal:
        wrong = dict.fromkeys(message for messages in refusal.fields.values() for message in messages)
        flash(" ".join([gettext("The earlier call flow can’t be restored."), *map(gettext, wrong)]), "wrong")
    else:
        flash(gettext("Put back. The next call is answered as before."))
    return redirect(url_for("line.show", line_id=line_id))


@blueprint.post("/start/<any(ring, menu, after_hours):start>")
def start(line_id: int, start: str) -> Response:
    """Start over from a template. The steps before it can be put back."""
    with services().sessions.begin() as session:
        zone = member(session).workspace.zone
    keep_changed(line_id, "", lambda plan: Changed(started(plan, Start(start), zone), ()))
    return after(line_id, ())


@blueprint.get("/hours")
def hours(line_id: int) -> str:
    """The page of opening hours and first nodes."""
    with services().sessions.begin() as session:
        line = answering(session, line_to_change(session, line_id))
        return _hours_page(line, Form(HoursForm(), kept=_hours_of(line.plan, member(session).workspace.zone)))


@blueprint.post("/hours")
def change_hours(line_id: int) -> Answer:
    """Save opening hours and first nodes."""
    if "copy" in request.form:  # nothing is saved yet: the page comes back
        return _shown_again(line_id, Form(HoursForm(), with_first_day_copied(request.form)))
    form = Form(HoursForm(), request.form)
    with services().sessions.begin() as session:
        zone = member(session).workspace.zone
    try:
        made = keep_changed(line_id, "", lambda plan: _opened(plan, form, zone))
    except Invalid as refusal:
        return _shown_again(line_id, form.refused(refusal)), 422
    return after(line_id, made)


def _shown_again(line_id: int, form: Form) -> str:
    with services().sessions.begin() as session:
        return _hours_page(answering(session, line_to_change(session, line_id)), form)


def _sound() -> Sound | None:
    """The uploaded greeting, stored, if there is one. Raises `Invalid`."""
    sent = request.files.get("sound")
    content = sent.read() if sent else b""
    if not content:
        return None
    with services().sessions.begin() as session:
        require_room(session, Quota.GREETINGS, field="sound")
        require_room_for_file(session, len(content), field="sound")
    return put_away(services().media, content)


def keep_changed(
    line_id: int, name: str, change: Callable[[Plan], Changed], sound: Sound | None = None
) -> tuple[str, ...]:
    """Change the plan in the signed-in person's name. Returns the names of created nodes."""
    with services().sessions.begin() as session:
        changer, line = member_in_charge(session), line_to_change(session, line_id)
        if sound:
            add(session, line.id, sound)
        return change_plan(session, changer, line, change, countries=services().settings.countries, node=name).made


def _without(plan: Plan, name: str) -> Changed:
    leading = [title(node) for node in plan.nodes.values() if name in dict(ways_on(node)).values()]
    if leading or name in {plan.opening, plan.closed}:
        raise Conflict("Calls still come here. Have them go elsewhere first.")
    return Changed(replace(plan, nodes={other: node for other, node in plan.nodes.items() if other != name}), ())


def _changed(plan: Plan, name: str, form: Form, form_data: Mapping[str, Any]) -> Changed:
    if name not in plan.nodes:
        raise NotFound("There is no such step in this plan.")
    form.must_be_based_on(kept(plan.nodes[name]))
    return changed(plan, name, form_data)


def _hours_of(plan: Plan, zone: str) -> Mapping[str, Any]:
    return hours_shown(plan.hours, zone) | {"opening": plan.opening, "closed": plan.closed}


def _opened(plan: Plan, form: Form, zone: str) -> Changed:
    form_data = form.data()
    form.must_be_based_on(_hours_of(plan, zone), told=(*DAYS, "closed_on"))
    first = begun(plan, form_data["opening"], form_data["closed"])
    return replace(first, plan=replace(first.plan, hours=hours_of(form_data)))


def after(line_id: int, made: tuple[str, ...]) -> Response:
    """Go to the first node that a change created, which says nothing yet, or else to the picture of the plan."""
    if made:
        flash(gettext("Saved. Now say what happens here."))
        return redirect(url_for("plan.step", line_id=line_id, name=made[0]))
    flash(gettext("Saved. The next call is answered this way."))
    return redirect(url_for("line.show", line_id=line_id))


def _step_page(line: Answering, name: str, form: Form) -> str:
    """The page of a node, beside the picture of the plan."""
    node = _node(line, name)
    used, added = _keys(form)
    with services().sessions.begin() as session:
        return render_template(
            "lines/plan_step.html",
            form=form,
            kind=kind(node),
            title=title(node),
            targets=_targets(line, name),
            recordings=_recordings(line),
            used=used,
            free=[key for key in KEYS if key not in used],
            added=added,
            **studio(session, line_to_change(session, line.line_id), chosen=name),
        )


def _keys(form: Form) -> tuple[list[str], str]:
    """Of a menu, the keys that do something and the one that is being added, without one that is being dropped."""
    added = request.form.get("new_key", "") if "add_key" in request.form else ""
    used = [key for key in KEYS if form.value(f"key-{key}") or key == added]
    return [key for key in used if key != request.form.get("drop_key")] or [KEYS[0]], added


def _recordings(line: Answering) -> list[tuple[str, str]]:
    with services().sessions.begin() as session:
        recorded = recorded_for(session, line.line_id)
    return [("", gettext("None: speak the text")), *((one.media, at(one.made_at)) for one in recorded)]


def _hours_page(line: Answering, form: Form) -> str:
    return render_template(
        "lines/plan_hours.html",
        line=line,
        form=form,
        days=[(name, SWITCHES[name], weekday(number)) for number, name in enumerate(DAYS)],
        zones=time_zones(str(form.value("zone"))),
        places=[("", gettext("None")), *holiday_regions(line.country, str(form.value("holidays")))],
        targets=_targets(line, ""),
    )


def _targets(line: Answering, here: str) -> list[tuple[str, str]]:
    """Where a call can continue: other nodes, and a new one of each kind."""
    others = [
        (name, gettext("This menu again") if name == here else title(node))
        for name, node in line.plan.nodes.items()
        if name != here or isinstance(node, Menu)  # a menu's key may lead to the menu itself
    ]
    return [
        *others,
        *((f"{NEW}{word}", gettext("New: %(step)s", step=gettext(called))) for word, called in KINDS.values()),
    ]


def _node(line: Answering, name: str) -> Node:
    if name not in line.plan.nodes:
        raise NotFound("There is no such step in this plan.")
    return line.plan.nodes[name]


def line_to_change(session: Session, line_id: int) -> Line:
    """A line of an owner or admin. Raises `Forbidden` for members, `NotFound` for lines of others."""
    member_in_charge(session)
    return my_line(session, line_id)


def answering(session: Session, line: Line) -> Answering:
    """How a line answers, as it was saved. Raises `NotFound`."""
    found = answering_on(session.connection(), line.id)
    if found is None:
        raise NotFound("There is no such line.")
    return found
