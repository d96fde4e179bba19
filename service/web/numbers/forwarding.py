"""The page on which calls to a business's lines are forwarded: where to, when, on and off."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from marshmallow import Schema, fields, validate
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from service.accounts.access import lines_for
from service.accounts.change_log import Action, differences, note
from service.calls.changing import keep
from service.calls.nodes import Forwarding, Plan, When
from service.calls.queries import plan_of, plans_of
from service.errors import Invalid
from service.lines.models import Line
from service.web.lines.forms import logged
from service.web.shell.context import member_in_charge, person, services
from service.web.shell.fields import CHOOSE, Typed, telephone
from service.web.shell.form import Form, FormSchema
from service.web.shell.words import spelled

blueprint = Blueprint("forwarding", __name__, url_prefix="/numbers/forwarding")

Answer = str | Response | tuple[str, int]

PER_PAGE: Final = 20
_PAGES: Final = 1000
_NO_NUMBER: Final = "Enter the number that calls are forwarded to."


@blueprint.get("/")
def show() -> str:
    """The page of all lines, each with its forwarding."""
    with services().sessions.begin() as session:
        lines = _lines(session)
        return _page(lines, Form(_form(lines), kept=_stored(session, lines)))


@blueprint.post("/")
def change() -> Answer:
    """Save the forwarding of every line on the page, of all or of none."""
    with services().sessions.begin() as session:
        lines = _lines(session)
    form = Form(_form(lines), request.form)
    try:
        with services().sessions.begin() as session:
            form_data, present = form.data(), _lines(session)
            for line in present:
                session.refresh(line, with_for_update=True)  # simultaneous changes are made one after the other
            form.must_be_based_on(_stored(session, present), told=[f"number-{line.id}" for line in present])
            for line in present:
                _change(session, line, _wanted(line, form_data))
    except Invalid as refusal:
        return _page(lines, form.refused(refusal)), 422
    flash(gettext("Saved. The next call is answered this way."))
    return redirect(url_for("forwarding.show", page=_page_number()))


@blueprint.post("/all")
def switch() -> Response:
    """Switch the forwarding of all lines that have a number for it on or off."""
    wanted = request.form.get("on") == "true"
    with services().sessions.begin() as session:
        lines = lines_for(session, member_in_charge(session))
        plans = plans_of(session, [line.id for line in lines])
        for line in lines:
            forwarding = plans[line.id].forwarding
            if forwarding and forwarding.on is not wanted:
                _change(session, line, replace(forwarding, on=wanted))
    flash(gettext("Calls are forwarded.") if wanted else gettext("Calls are no longer forwarded."))
    return redirect(url_for("forwarding.show"))


def _change(session: Session, line: Line, wanted: Forwarding | None) -> None:
    """Store a line's forwarding, unless it is so already. Raises `Invalid` beside the line's number."""
    session.refresh(line, with_for_update=True)
    before = plan_of(session, line.id)
    if before.forwarding == wanted:
        return
    try:
        keep(session, line, replace(before, forwarding=wanted), countries=services().settings.countries)
    except Invalid as refusal:
        raise Invalid({f"number-{line.id}": [one for them in refusal.fields.values() for one in them]}) from None
    details = {"line": line.id, **differences(logged(before), logged(plan_of(session, line.id)))}
    note(
        session,
        workspace_id=line.workspace_id,
        user_id=person().id,
        action=Action.CALL_PLAN_CHANGED,
        subject=line.name,
        details=details,
    )


def _form(lines: list[Line]) -> Schema:
    """For each line a number, when it is used, and whether it is on."""
    when = validate.OneOf(list(When), error=CHOOSE)
    asked: dict[str, fields.Field[Any]] = {}
    for line in lines:
        asked[f"number-{line.id}"] = Typed(telephone)
        asked[f"when-{line.id}"] = fields.String(load_default=When.ALWAYS, validate=when)
        asked[f"on-{line.id}"] = fields.Boolean(load_default=False)
    return FormSchema.from_dict(asked)()


def _stored(session: Session, lines: list[Line]) -> dict[str, Any]:
    plans = plans_of(session, [line.id for line in lines])
    return {name: value for line in lines for name, value in _kept(line, plans[line.id]).items()}


def _kept(line: Line, plan: Plan) -> dict[str, Any]:
    forwarding = plan.forwarding or Forwarding("", on=False)
    return {
        f"number-{line.id}": spelled(forwarding.number),
        f"when-{line.id}": forwarding.when,
        f"on-{line.id}": forwarding.on,
    }


def _wanted(line: Line, form_data: Mapping[str, Any]) -> Forwarding | None:
    number, on = form_data[f"number-{line.id}"], form_data[f"on-{line.id}"]
    if on and not number:
        raise Invalid({f"number-{line.id}": [_NO_NUMBER]})
    return Forwarding(number, When(form_data[f"when-{line.id}"]), on=on) if number else None


def _lines(session: Session) -> list[Line]:
    """The lines on this page."""
    page = _page_number()
    return lines_for(session, member_in_charge(session))[(page - 1) * PER_PAGE : page * PER_PAGE]


def _page(lines: list[Line], form: Form) -> str:
    whens = [
        (When.ALWAYS, gettext("Always")),
        (When.OPEN, gettext("While the line is open")),
        (When.CLOSED, gettext("While the line is closed")),
    ]
    page = _page_number()
    more = len(lines) == PER_PAGE
    return render_template("numbers/forwarding.html", lines=lines, form=form, whens=whens, page=page, more=more)


def _page_number() -> int:
    return min(max(request.args.get("page", 1, type=int), 1), _PAGES)
