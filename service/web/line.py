"""How a line answers: which phones ring, for how long, and what callers hear."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from service.accounts.access import lines_for
from service.accounts.log import Action, note
from service.calls.changing import keep
from service.calls.nodes import MESSAGE, RING, Greeting, Node, RingPhones, Voicemail
from service.calls.queries import plan_of
from service.calls.words import said
from service.errors import Invalid
from service.lines.inventory import number_held, numbers_of
from service.lines.models import Line, Phone
from service.web.filling import Form
from service.web.forms import LineForm
from service.web.given import member, member_in_charge, services
from service.web.mine import my_line
from service.web.words import spelled

blueprint = Blueprint("line", __name__, url_prefix="/lines")

Answer = str | Response | tuple[str, int]


@blueprint.get("/")
def first() -> Response:
    """The workspace's line; there is one to begin with."""
    with services().sessions.begin() as session:
        lines = lines_for(session, member(session))
    return redirect(url_for("line.show", line_id=lines[0].id) if lines else url_for("home.show"))


@blueprint.get("/<int:line_id>")
def show(line_id: int) -> str:
    """The settings of a line."""
    with services().sessions.begin() as session:
        line = my_line(session, line_id)
        return _page(session, line, Form(LineForm(), kept=_kept(session, line)))


@blueprint.post("/<int:line_id>")
def change(line_id: int) -> Answer:
    """Keep new settings; calls follow them from the next ring on."""
    form = Form(LineForm(), request.form)
    try:
        with services().sessions.begin() as session:
            changer, line = member_in_charge(session), my_line(session, line_id)
            _keep(session, line, form.given())
            note(
                session,
                workspace_id=line.workspace_id,
                user_id=changer.user_id,
                action=Action.LINE_CHANGED,
                subject=line.name,
            )
    except Invalid as refusal:
        with services().sessions.begin() as session:
            return _page(session, my_line(session, line_id), form.refused(refusal)), 422
    flash(gettext("Saved. The next call is answered this way."))
    return redirect(url_for("line.show", line_id=line_id))


def _page(session: Session, line: Line, form: Form) -> str:
    usual = said("greeting", line.language, business=line.name)
    return render_template("line.html", line=line, numbers=numbers_of(session, line.id), form=form, usual=usual.text)


def _kept(session: Session, line: Line) -> Mapping[str, Any]:
    ring, message = _parts(session, line)
    return {
        "name": line.name,
        "phones": "\n".join(spelled(rung.number) for rung in line.phones),
        "ring_seconds": ring.seconds,
        "in_turn": ring.in_turn,
        "greeting": message.greeting.text,
    }


def _keep(session: Session, line: Line, given: Mapping[str, Any]) -> None:
    ring, message = _parts(session, line)
    plan = plan_of(session, line.id)
    line.name = given["name"]
    _ring(session, line, given["phones"])
    changed: dict[str, Node] = {
        RING: replace(ring, seconds=given["ring_seconds"], in_turn=given["in_turn"]),
        MESSAGE: replace(message, greeting=Greeting(given["greeting"])),
    }
    keep(session, line, replace(plan, nodes={**plan.nodes, **changed}))


def _parts(session: Session, line: Line) -> tuple[RingPhones, Voicemail]:
    nodes = plan_of(session, line.id).nodes
    ring, message = nodes.get(RING), nodes.get(MESSAGE)
    return (
        ring if isinstance(ring, RingPhones) else RingPhones(MESSAGE),
        message if isinstance(message, Voicemail) else Voicemail(),
    )


def _ring(session: Session, line: Line, numbers: list[str]) -> None:
    """Ring these phones in this order. One of our own numbers would send the call round in circles."""
    if any(number_held(session, number) for number in numbers):
        raise Invalid({"phones": ["One of these is a number that is here already: calls would go round in circles."]})
    known = {rung.number: rung for rung in line.phones}
    for number in known.keys() - set(numbers):
        session.delete(known[number])
    for position, number in enumerate(numbers):
        rung = known.get(number) or Phone(line_id=line.id, number=number)
        rung.position = position
        session.add(rung)
