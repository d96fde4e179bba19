"""What a contact agreed to: noting consent that came on paper or by word, and the list of all of it as a file."""

from collections.abc import Iterator, Sequence
from typing import Final
from zoneinfo import ZoneInfo

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from service.accounts.change_log import Action, note
from service.accounts.models import User
from service.errors import Invalid
from service.inbox.agreeing import NOTABLE, Noted, agreements_at, note_agreement
from service.inbox.models import Contact
from service.optins import OptIn
from service.registration.legal import consent
from service.registration.standing import business_in
from service.services import Services
from service.time import today
from service.web.inbox.contacts import my_contact
from service.web.inbox.forms import AgreementForm
from service.web.inbox.words import WAYS
from service.web.shell.context import member, member_in_charge, services
from service.web.shell.form import Form
from service.web.shell.security import limiter, signed_in_person, workspace_here
from service.web.shell.spreadsheets import Cell, spreadsheet
from service.web.shell.words import spelled, translated

blueprint = Blueprint("agreements", __name__, url_prefix="/contacts")

Answer = str | Response | tuple[str, int]

_COLUMNS: Final = ("number", "way", "agreed_on", "written_down_at_utc", "words", "page", "network_address", "noted_by")

_READ_AT_ONCE: Final = 500


@blueprint.get("/<int:contact_id>/agreed")
def ask(contact_id: int) -> str:
    """The page for noting that a contact agreed to texts."""
    with services().sessions.begin() as session:
        contact = my_contact(session, contact_id)
        return _page(session, contact, Form(AgreementForm(), kept=_proposed(session, contact)))


@blueprint.post("/<int:contact_id>/agreed")
@limiter.limit("60/hour;300/day", key_func=signed_in_person)
@limiter.limit("300/hour;1000/day", key_func=workspace_here)
def keep(contact_id: int) -> Answer:
    """Note that a contact agreed to texts."""
    form = Form(AgreementForm(), request.form)
    try:
        with services().sessions.begin() as session:
            contact, mine = my_contact(session, contact_id), member(session)
            note_agreement(session, mine, contact, Noted(**form.data()))
            subject, action = spelled(contact.number), Action.AGREEMENT_RECORDED
            note(session, workspace_id=mine.workspace_id, user_id=mine.user_id, action=action, subject=subject)
    except Invalid as refusal:
        with services().sessions.begin() as session:
            return _page(session, my_contact(session, contact_id), form.refused(refusal)), 422
    flash(gettext("Saved."))
    return redirect(url_for("contacts.show", contact_id=contact_id))


@blueprint.get("/agreed.csv")
def export() -> Response:
    """All that was agreed to at the workspace, as a table for those who have to prove it."""
    with services().sessions.begin() as session:
        workspace_id = member_in_charge(session).workspace_id
    return spreadsheet("agreed-to-texts.csv", _rows(services(), workspace_id))


def _proposed(session: Session, contact: Contact) -> dict[str, str]:
    """Today, and the words of the business's own page."""
    business = business_in(session, contact.workspace_id)
    words = consent(business, business.language) if business and business.legal_name else ""
    return {"words": words, "agreed_on": today(ZoneInfo(member(session).workspace.zone)).isoformat()}


def _page(session: Session, contact: Contact, form: Form) -> str:
    ways = [(way.value, translated(WAYS[way])) for way in NOTABLE]
    return render_template("inbox/agreement.html", contact=contact, form=form, ways=ways)


def _rows(here: Services, workspace_id: int) -> Iterator[Sequence[Cell]]:
    """The rows, read in parts, so that no transaction waits for a slow browser."""
    yield _COLUMNS
    after: int | None = 0
    while after is not None:
        with here.sessions() as session:
            part = agreements_at(session, workspace_id, after=after, most=_READ_AT_ONCE)
        yield from (_cells(one, by) for one, by in part)
        after = part[-1][0].id if part else None


def _cells(one: OptIn, by: User | None) -> list[Cell]:
    cells = (one.number, one.way, one.agreed_on, f"{one.at:%Y-%m-%d %H:%M:%S}", one.words, one.shown, one.network)
    return [str(cell or "") for cell in (*cells, by and by.email)]
