"""The phones of a line, one page each: adding, changing, ordering, removing with undo."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask import session as cookie
from flask_babel import gettext
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from service.accounts.access import members_on
from service.accounts.change_log import Action, differences, note
from service.accounts.models import Member, User
from service.calls.browser_phones import let_ring
from service.calls.phones import (
    Removed,
    Wanted,
    add_phone,
    change_phone,
    move_phone,
    phones_on_line,
    remove_phone,
    restore_phone,
)
from service.errors import Conflict, Invalid, NotFound
from service.lines.models import Line, Phone
from service.web.lines.forms import PhoneForm
from service.web.shell.context import member_in_charge, services
from service.web.shell.fields import CHOOSE
from service.web.shell.form import Form
from service.web.shell.scoped import my_line
from service.web.shell.words import spelled

blueprint = Blueprint("phones", __name__, url_prefix="/lines/<int:line_id>/phones")

Answer = str | Response | tuple[str, int]

_REMOVED: Final = "removed_phone"
"""Where the person's cookie keeps the phone that they removed last."""


@blueprint.get("/new")
def ask(line_id: int) -> str:
    """The page on which a phone is added."""
    with services().sessions.begin() as session:
        return _page(session, _line(session, line_id), Form(PhoneForm(), kept={"teammate": ""}))


@blueprint.post("/new")
def add(line_id: int) -> Answer:
    """Add a phone behind the others."""
    form = Form(PhoneForm(), request.form)
    try:
        with services().sessions.begin() as session:
            line, before = _locked(session, line_id)
            add_phone(session, line, _wanted(session, line, form.data()), _countries())
            note_line(session, member_in_charge(session), line, before)
    except Invalid as refusal:
        with services().sessions.begin() as session:
            return _page(session, _line(session, line_id), form.refused(refusal)), 422
    return _saved(line_id)


@blueprint.get("/<int:phone_id>")
def show(line_id: int, phone_id: int) -> str:
    """The page of one phone."""
    with services().sessions.begin() as session:
        line = _line(session, line_id)
        phone = _numbered(session, line, phone_id)
        return _page(session, line, Form(PhoneForm(), kept=_kept(phone)), phone)


@blueprint.post("/<int:phone_id>")
def change(line_id: int, phone_id: int) -> Answer:
    """Save a phone."""
    form = Form(PhoneForm(), request.form)
    try:
        with services().sessions.begin() as session:
            line, before = _locked(session, line_id)
            phone, form_data = _numbered(session, line, phone_id), form.data()
            form.must_be_based_on(_kept(phone), told=("number", "name"))
            change_phone(session, line, phone, _wanted(session, line, form_data), _countries())
            note_line(session, member_in_charge(session), line, before)
    except Invalid as refusal:
        with services().sessions.begin() as session:
            line = _line(session, line_id)
            return _page(session, line, form.refused(refusal), _phone(session, line, phone_id)), 422
    return _saved(line_id)


@blueprint.post("/<int:phone_id>/remove")
def remove(line_id: int, phone_id: int) -> Response:
    """Remove a phone. The cookie keeps it, so that this can be undone."""
    with services().sessions.begin() as session:
        line, before = _locked(session, line_id)
        removed = remove_phone(session, line, _phone(session, line, phone_id))
        note_line(session, member_in_charge(session), line, before)
    cookie[_REMOVED] = {"line": line_id, **asdict(removed)}
    return _back(line_id)


@blueprint.post("/undo")
def restore(line_id: int) -> Response:
    """Undo the last removal of this person on this line. Raises `Conflict` if there is none."""
    kept = cookie.pop(_REMOVED, None)
    if not kept or kept["line"] != line_id:
        raise Conflict("There is nothing to undo.")
    with services().sessions.begin() as session:
        line, before = _locked(session, line_id)
        removed = Removed(Wanted(**kept["wanted"]), kept["position"], tuple(kept["steps"]))
        restore_phone(session, line, removed, _countries())
        note_line(session, member_in_charge(session), line, before)
    return _back(line_id)


@blueprint.post("/browsers/<int:member_id>")
def add_browser(line_id: int, member_id: int) -> Response:
    """Add a member's browser again, which was removed."""
    with services().sessions.begin() as session:
        line, before = _locked(session, line_id)
        let_ring(session, line, member_id)
        note_line(session, member_in_charge(session), line, before)
    return _back(line_id)


@blueprint.post("/<int:phone_id>/<any(up, down):way>")
def move(line_id: int, phone_id: int, way: str) -> Response:
    """Move a phone one place up or down: so the phones ring one after the other, and are read out."""
    with services().sessions.begin() as session:
        line, before = _locked(session, line_id)
        move_phone(session, line, _phone(session, line, phone_id), -1 if way == "up" else 1)
        note_line(session, member_in_charge(session), line, before)
    return _back(line_id)


def removed_from(line: Line) -> str:
    """The phone that the person removed last from a line, by name or number; "" if there is none to bring back."""
    kept = cookie.get(_REMOVED)
    if not kept or kept["line"] != line.id:
        return ""
    return kept["wanted"]["name"] or spelled(kept["wanted"]["number"])


def logged_line(session: Session, line: Line) -> Mapping[str, Any]:
    """What the log keeps of a line's settings."""
    phones = phones_on_line(session, line)
    return {"name": line.name, "phones": [f"{spelled(phone.number)} {phone.name}".strip() for phone in phones]}


def note_line(session: Session, changer: Member, line: Line, before: Mapping[str, Any]) -> None:
    """Log who changed a line, from what it was before."""
    note(
        session,
        workspace_id=line.workspace_id,
        user_id=changer.user_id,
        action=Action.LINE_CHANGED,
        subject=line.name,
        details=differences(before, logged_line(session, line)),
    )


def _page(session: Session, line: Line, form: Form, phone: Phone | None = None) -> str:
    team = [(one.user_id, _named(one.user)) for one in members_on(session, line)]
    return render_template(
        "lines/phone.html",
        line=line,
        form=form,
        phone=phone,
        team=[("", gettext("No one: a shared phone")), *team],
    )


def _wanted(session: Session, line: Line, form_data: Mapping[str, Any]) -> Wanted:
    """What the form asks for. A teammate's phone without a name has theirs. Raises `Invalid`."""
    team = {one.user_id: one.user for one in members_on(session, line)}
    owner = form_data["teammate"]
    if owner and owner not in team:
        raise Invalid({"teammate": [CHOOSE]})
    return Wanted(form_data["number"], form_data["name"] or (_named(team[owner])[:60] if owner else ""), owner)


def _named(user: User) -> str:
    return user.name or user.email.partition("@")[0]


def _kept(phone: Phone) -> Mapping[str, Any]:
    return {"number": spelled(phone.number), "name": phone.name, "teammate": phone.user_id or ""}


def _line(session: Session, line_id: int) -> Line:
    member_in_charge(session)
    return my_line(session, line_id)


def _locked(session: Session, line_id: int) -> tuple[Line, Mapping[str, Any]]:
    """A line that nobody else changes meanwhile, and what the log keeps of it as it is."""
    line = _line(session, line_id)
    session.refresh(line, with_for_update=True)
    return line, logged_line(session, line)


def _phone(session: Session, line: Line, phone_id: int) -> Phone:
    phone = session.scalar(select(Phone).where(Phone.id == phone_id, Phone.line_id == line.id))
    if phone is None:
        raise NotFound("This phone is no longer on the line.")
    return phone


def _numbered(session: Session, line: Line, phone_id: int) -> Phone:
    """A phone that can be changed. Raises `NotFound` for a browser too: nothing of it is set by hand."""
    phone = _phone(session, line, phone_id)
    if phone.in_browser:
        raise NotFound("This phone is no longer on the line.")
    return phone


def _countries() -> frozenset[str]:
    return frozenset(services().settings.countries)


def _saved(line_id: int) -> Response:
    flash(gettext("Saved. The next call is answered this way."))
    return _back(line_id)


def _back(line_id: int) -> Response:
    return redirect(url_for("line.show", line_id=line_id, _anchor="phones"))
