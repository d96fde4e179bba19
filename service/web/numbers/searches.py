"""Getting a further number: searching, choosing one that was found, and buying it."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from service.accounts.access import line_for, lines_for
from service.accounts.change_log import Action, note
from service.accounts.models import Member
from service.errors import Invalid, NotFound
from service.lines.choosing import bought_by, choose, must_have_room
from service.lines.inventory import line_without_number
from service.lines.models import NumberSearch, PhoneNumber
from service.lines.searching import begin_search, search_of
from service.web.numbers.forms import COUNTRIES, KINDS, BuyForm, SearchForm, sought
from service.web.numbers.words import kind_name
from service.web.shell.context import member_in_charge, services
from service.web.shell.form import Form
from service.web.shell.security import limiter, signed_in_person, workspace_here
from service.web.shell.words import spelled

blueprint = Blueprint("searches", __name__, url_prefix="/numbers/new")

Answer = str | Response | tuple[str, int]


@blueprint.get("/")
def ask() -> str:
    """The page that asks what kind of number is wanted, and where."""
    with services().sessions.begin() as session:
        return _page(session, Form(SearchForm(), kept={"kind": KINDS[0], "country": COUNTRIES[0]}))


@blueprint.post("/")
@limiter.limit("60/hour", key_func=signed_in_person)
@limiter.limit("90/hour;300/day", key_func=workspace_here)
def begin() -> Answer:
    """Have the carrier searched for such numbers."""
    form = Form(SearchForm(), request.form)
    try:
        with services().sessions.begin() as session:
            workspace_id = member_in_charge(session).workspace_id
            must_have_room(session, services(), workspace_id)
            search_id = begin_search(session, services(), workspace_id, sought(form.data())).id
    except Invalid as refusal:
        with services().sessions.begin() as session:
            return _page(session, form.refused(refusal)), 422
    return redirect(url_for("searches.show", search_id=search_id))


@blueprint.get("/<int:search_id>")
def show(search_id: int) -> str:
    """The page of numbers that were found."""
    with services().sessions.begin() as session:
        return render_template("numbers/found.html", search=_mine(session, search_id), kind_name=kind_name)


@blueprint.get("/<int:search_id>/found")
def found(search_id: int) -> str:
    """What was found, the part of the page that is reloaded."""
    with services().sessions.begin() as session:
        return render_template("numbers/_found.html", search=_mine(session, search_id), kind_name=kind_name)


@blueprint.get("/<int:search_id>/<number>")
def chosen(search_id: int, number: str) -> str:
    """The page that asks which line a number is for, and tells its price."""
    with services().sessions.begin() as session:
        search = _mine(session, search_id)
        _must_be_found(search, number)
        empty = line_without_number(session, search.workspace_id)
        kept = {"line": empty.id if empty else "", "name": spelled(number)}
        return _chosen_page(session, number, Form(BuyForm(), kept=kept))


@blueprint.post("/<int:search_id>/<number>")
@limiter.limit("30/hour", key_func=signed_in_person)
def buy(search_id: int, number: str) -> Answer:
    """Buy the number. A form that is sent twice buys it once."""
    form = Form(BuyForm(), request.form)
    try:
        with services().sessions.begin() as session:
            buy_found(session, member_in_charge(session), _mine(session, search_id), number, form.data())
    except Invalid as refusal:
        with services().sessions.begin() as session:
            return _chosen_page(session, number, form.refused(refusal)), 422
    flash(gettext("We’re getting %(number)s for you. It will work in a moment.", number=spelled(number)))
    return redirect(url_for("numbers.listing"))


def buy_found(
    session: Session, mine: Member, search: NumberSearch, number: str, form_data: Mapping[str, Any]
) -> PhoneNumber | None:
    """Buy a number (E.164) that a member's search found, for a line of theirs or a new one. Raises as `choose` does.

    None if the workspace holds or buys it already.
    """
    line = line_for(session, mine, form_data["line"]) if form_data["line"] else None
    if line is None and not form_data["name"]:
        raise Invalid({"name": ["Give the line a name."]})
    bought = choose(session, services(), search, number, line, form_data["name"])
    if bought:
        note(
            session,
            workspace_id=mine.workspace_id,
            user_id=mine.user_id,
            action=Action.NUMBER_BOUGHT,
            subject=spelled(number),
            details={"line": bought.line.name},
        )
    return bought


def _mine(session: Session, search_id: int) -> NumberSearch:
    search = search_of(session, member_in_charge(session).workspace_id, search_id)
    if search is None:
        raise NotFound("This search has expired. Search again.")
    return search


def _must_be_found(search: NumberSearch, number: str) -> None:
    if number not in [one for one, _ in search.found or []]:
        raise NotFound("This search has expired. Search again.")


def _page(session: Session, form: Form) -> str:
    workspace_id, most = member_in_charge(session).workspace_id, services().settings.numbers_per_workspace
    full = bought_by(session, workspace_id) >= most
    return render_template("numbers/search.html", form=form, most=most, full=full)


def _chosen_page(session: Session, number: str, form: Form) -> str:
    lines = [(str(line.id), line.name) for line in lines_for(session, member_in_charge(session))]
    return render_template(
        "numbers/chosen.html",
        number=number,
        form=form,
        kind=kind_name(number),
        lines=[("", gettext("A new line")), *lines],
        price=services().settings.number_price,
    )
