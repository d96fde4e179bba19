"""What a contact agreed to: noting consent that came on paper or by word, and the list of all of it as a file."""

from typing import Final
from zoneinfo import ZoneInfo

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from service.accounts.models import User
from service.errors import Invalid
from service.inbox.agreeing import NOTABLE, Noted, agreements_of, all_agreements, note_agreement
from service.inbox.models import Contact
from service.optins import OptIn
from service.registration.legal import consent
from service.registration.standing import business_in
from service.time import today
from service.web.inbox.contacts import my_contact
from service.web.inbox.forms import AgreementForm
from service.web.inbox.words import WAYS
from service.web.shell.context import member, member_in_charge, services
from service.web.shell.form import Form
from service.web.shell.spreadsheets import Cell, spreadsheet
from service.web.shell.words import translated

blueprint = Blueprint("agreements", __name__, url_prefix="/contacts")

Answer = str | Response | tuple[str, int]

_COLUMNS: Final = ("number", "way", "agreed_on", "written_down_at_utc", "words", "page", "network_address", "noted_by")


@blueprint.get("/<int:contact_id>/agreed")
def ask(contact_id: int) -> str:
    """The page for noting that a contact agreed to texts."""
    with services().sessions.begin() as session:
        contact = my_contact(session, contact_id)
        return _page(session, contact, Form(AgreementForm(), kept=_proposed(session, contact)))


@blueprint.post("/<int:contact_id>/agreed")
def keep(contact_id: int) -> Answer:
    """Note that a contact agreed to texts."""
    form = Form(AgreementForm(), request.form)
    try:
        with services().sessions.begin() as session:
            note_agreement(session, member(session), my_contact(session, contact_id), Noted(**form.data()))
    except Invalid as refusal:
        with services().sessions.begin() as session:
            return _page(session, my_contact(session, contact_id), form.refused(refusal)), 422
    flash(gettext("Saved."))
    return redirect(url_for("contacts.show", contact_id=contact_id))


@blueprint.get("/agreed.csv")
def export() -> Response:
    """All that was agreed to at the workspace, as a table for those who have to prove it."""
    with services().sessions.begin() as session:
        kept = all_agreements(session, member_in_charge(session).workspace_id)
        rows = [_cells(one, by) for one, by in kept]
    return spreadsheet("agreed-to-texts.csv", [_COLUMNS, *rows])


def _proposed(session: Session, contact: Contact) -> dict[str, str]:
    """Today, and the words of the business's own page."""
    business = business_in(session, contact.workspace_id)
    words = consent(business, business.language) if business and business.legal_name else ""
    return {"words": words, "agreed_on": today(ZoneInfo(member(session).workspace.zone)).isoformat()}


def _page(session: Session, contact: Contact, form: Form) -> str:
    ways = [(way.value, translated(WAYS[way])) for way in NOTABLE]
    kept = agreements_of(session, contact)
    return render_template("inbox/agreement.html", contact=contact, form=form, ways=ways, agreements=kept)


def _cells(one: OptIn, by: User | None) -> list[Cell]:
    cells = (one.number, one.way, one.agreed_on, f"{one.at:%Y-%m-%d %H:%M:%S}", one.words, one.shown, one.network)
    return [str(cell or "") for cell in (*cells, by and by.email)]
