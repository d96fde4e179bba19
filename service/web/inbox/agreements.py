"""What a contact agreed to: noting consent that came on paper or by word, and the list of all of it as a file."""

import csv
from collections.abc import Iterable
from io import StringIO
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
        content = _table(kept)
    headers = {"Content-Disposition": 'attachment; filename="agreed-to-texts.csv"', "Cache-Control": "no-store"}
    return Response(content, mimetype="text/csv", headers=headers)


def _proposed(session: Session, contact: Contact) -> dict[str, str]:
    """Today, and the words of the business's own page."""
    business = business_in(session, contact.workspace_id)
    words = consent(business, business.language) if business and business.legal_name else ""
    return {"words": words, "agreed_on": today(ZoneInfo(member(session).workspace.zone)).isoformat()}


def _page(session: Session, contact: Contact, form: Form) -> str:
    ways = [(way.value, translated(WAYS[way])) for way in NOTABLE]
    kept = agreements_of(session, contact)
    return render_template("inbox/agreement.html", contact=contact, form=form, ways=ways, agreements=kept)


def _table(kept: Iterable[tuple[OptIn, User | None]]) -> str:
    """A table with a byte order mark, by which spreadsheets know its encoding."""
    written = StringIO("\ufeff")
    written.seek(0, 2)
    rows = csv.writer(written)
    rows.writerow(_COLUMNS)
    for one, by in kept:
        cells = (one.number, one.way, one.agreed_on, f"{one.at:%Y-%m-%d %H:%M:%S}", one.words, one.shown, one.network)
        rows.writerow([_inert(str(cell or "")) for cell in (*cells, by.email if by else "")])
    return written.getvalue()


def _inert(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula; numbers keep their +."""
    return f"'{cell}" if cell[:1] in ("=", "-", "@", "\t") else cell
