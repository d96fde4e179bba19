"""Contacts: the list, one contact, and texting a new number."""

from collections.abc import Mapping
from typing import Any, Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from service.accounts.access import line_for, lines_for, usual_line
from service.accounts.models import IN_CHARGE
from service.erasing.contacts import erase_contact
from service.errors import Invalid, NotFound
from service.inbox import search
from service.inbox.about import about
from service.inbox.agreeing import agreements_of
from service.inbox.contacts import (
    contact_for,
    conversation_with,
    conversations_of,
    is_known,
    revise_contact,
    write_down,
)
from service.inbox.listing import PAGE
from service.inbox.models import Contact, Conversation
from service.lines.models import Line
from service.optouts import last_word
from service.phone_numbers import NotANumber, read_alone
from service.quotas import Quota
from service.web.inbox.forms import ContactForm, NewContactForm, NewTextForm
from service.web.shell.context import member, services
from service.web.shell.form import Form
from service.web.shell.languages import country_now
from service.web.shell.requests import row_id
from service.web.shell.room import require_room

blueprint = Blueprint("contacts", __name__, url_prefix="/contacts")

Answer = str | Response | tuple[str, int]

AGREEMENTS: Final = 20
"""How many agreements to texts the page of a contact shows."""


@blueprint.get("/")
def listing() -> str:
    """The contacts page: everyone who has called or texted, or those who match a search."""
    wanted, after = request.args.get("q", "")[:100], request.args.get("after", 0, row_id)
    with services().sessions.begin() as session:
        here = member(session)
        found = search.contacts(session, here, wanted, after, PAGE + 1)
        older = found[PAGE - 1].id if len(found) > PAGE else 0
        in_charge = here.role in IN_CHARGE
        return render_template("inbox/contacts.html", contacts=found[:PAGE], q=wanted, after=older, in_charge=in_charge)


@blueprint.get("/<int:contact_id>")
def show(contact_id: int) -> str:
    """The page of one contact."""
    with services().sessions.begin() as session:
        contact = my_contact(session, contact_id)
        return _page(session, contact, Form(ContactForm(), kept=_kept(contact)))


@blueprint.post("/<int:contact_id>")
def change(contact_id: int) -> Answer:
    """Save what the team knows of a contact."""
    form = Form(ContactForm(), request.form)
    with services().sessions.begin() as session:
        contact = my_contact(session, contact_id)
        session.refresh(contact, with_for_update=True)  # simultaneous changes are made one after the other
        try:
            form_data = form.data()
            form.must_be_based_on(_kept(contact), told=("name", "company", "email", "notes"))
        except Invalid as refusal:
            return _page(session, contact, form.refused(refusal)), 422
        revise_contact(session, member(session), contact, form_data)
    flash(gettext("Saved."))
    return redirect(url_for("contacts.show", contact_id=contact_id))


@blueprint.post("/<int:contact_id>/erase")
def erase(contact_id: int) -> Response:
    """Erase a contact with everything said with them."""
    with services().sessions.begin() as session:
        erase_contact(session, member(session), my_contact(session, contact_id))
    flash(gettext("Deleted."))
    return redirect(url_for("contacts.listing"))


@blueprint.get("/new")
def ask() -> str:
    """The page for texting a new number, from the line that the person usually writes from."""
    with services().sessions.begin() as session:
        line = usual_line(lines_for(session, member(session)), member(session))
    return _new(Form(NewTextForm(), kept={"line": line.id if line else ""}))


@blueprint.post("/new")
def begin() -> Answer:
    """Open the conversation with a number in any spelling. Its first text is written there."""
    form = Form(NewTextForm(), request.form)
    try:
        with services().sessions.begin() as session:
            conversation_id = conversation_typed(session, form.data()).id
    except Invalid as refusal:
        return _new(form.refused(refusal)), 422
    return redirect(url_for("inbox.read", conversation_id=conversation_id, _anchor="latest"))


@blueprint.get("/add")
def blank() -> str:
    """The page for writing down a contact."""
    with services().sessions.begin() as session:
        member(session)
        return render_template("inbox/new_contact.html", form=Form(NewContactForm()))


@blueprint.post("/add")
def add() -> Answer:
    """Write down a contact who has not called or written yet."""
    form = Form(NewContactForm(), request.form)
    try:
        with services().sessions.begin() as session:
            facts = form.data()
            number = _e164(facts.pop("number"), country_now())
            require_room(session, Quota.CONTACTS, field="number")
            contact_id = write_down(session, member(session).workspace_id, number, facts).id
    except Invalid as refusal:
        return render_template("inbox/new_contact.html", form=form.refused(refusal)), 422
    flash(gettext("Saved."))
    return redirect(url_for("contacts.show", contact_id=contact_id))


def line_typed(session: Session, form_data: Mapping[str, Any]) -> Line:
    """The line that was chosen in a `NewTextForm`, or else the usual one. Raises `NotFound`."""
    return line_for(session, member(session), form_data["line"] or _usual_line(session).id)


def conversation_typed(session: Session, form_data: Mapping[str, Any]) -> Conversation:
    """The conversation with a number that was typed into a `NewTextForm`. Raises `Invalid` for what is no number."""
    line = line_typed(session, form_data)
    number = _e164(form_data["number"], line.country)
    if not is_known(session, line, number):
        require_room(session, Quota.CONTACTS, field="number")
    return conversation_with(session, line, number)


def _e164(typed: str, country: str) -> str:
    try:
        return read_alone(typed, country).number
    except NotANumber as refusal:
        raise Invalid({"number": [refusal.sentence]}) from None


def my_contact(session: Session, contact_id: int) -> Contact:
    """A contact whom the person may see. Raises `NotFound` for any other."""
    return contact_for(session, member(session), contact_id)


def _kept(contact: Contact) -> dict[str, str]:
    return {"name": contact.name, "company": contact.company, "email": contact.email, "notes": contact.notes}


def _page(session: Session, contact: Contact, form: Form) -> str:
    conversations = conversations_of(session, member(session), contact)
    facts: dict[str, Any] = {"conversations": conversations, "about": about(session, conversations)}
    agreements = agreements_of(session, contact, most=AGREEMENTS + 1)
    facts |= {"agreements": agreements[:AGREEMENTS], "agreed_more": len(agreements) > AGREEMENTS}
    facts |= {"last_word": last_word(session, contact.number, contact.workspace_id)}
    return render_template("inbox/contact.html", contact=contact, form=form, **facts)


def _new(form: Form) -> str:
    with services().sessions.begin() as session:
        choices = [(str(line.id), line.name) for line in lines_for(session, member(session))]
        return render_template("inbox/new_text.html", form=form, choices=choices)


def _usual_line(session: Session) -> Line:
    line = usual_line(lines_for(session, member(session)), member(session))
    if line is None:
        raise NotFound("You see no line yet. Ask an owner or admin to give you one.")
    return line
