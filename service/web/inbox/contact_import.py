"""Importing contacts from a file: choosing it, looking at what would be taken, and taking it."""

from collections.abc import Iterable
from itertools import islice
from typing import Final, TypeVar

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from service.errors import Invalid, Sentence
from service.inbox import contact_import
from service.inbox.contact_files import Card, cards_of_table, cards_of_vcard, is_vcard
from service.porting.list_files import rows_in, text_in
from service.quotas import Quota
from service.web.inbox.forms import ImportForm
from service.web.shell.context import member, services
from service.web.shell.form import Form
from service.web.shell.heavy_files import opening
from service.web.shell.languages import country_now
from service.web.shell.room import require_room

blueprint = Blueprint("contact_import", __name__, url_prefix="/contacts/import")

Thing = TypeVar("Thing")
Answer = str | Response | tuple[str, int]

SHOWN: Final = 20
"""Contacts, and remarks, that the page lists."""

MOST: Final = 5_000
"""Contacts of one file, and rows of a table: reading so many takes a fifth of a second of a processor."""

_TOO_MANY: Final = "There are more than {most} contacts in this file. Split it into several files."
_NOTHING: Final = "There are no contacts in this file. Its first row must name the columns: Name, Phone, Email."


@blueprint.get("")
def ask() -> str:
    """The page that asks for a file, or shows what was read of it."""
    with services().sessions.begin() as session:
        here = member(session)
        cards = contact_import.held(session, here.workspace_id, here.user_id)
        if not cards:
            return render_template("inbox/contact_import.html", form=Form(ImportForm()), remarks=[])
        return _shown(session, cards, [])


@blueprint.post("")
def read() -> Answer:
    """Read a file and show what would be taken of it. Nothing is taken yet."""
    form = Form(ImportForm(), request.form)
    try:
        checked = contact_import.check(_cards(), country_now())
    except Invalid as refusal:
        wrong = [message for messages in refusal.fields.values() for message in messages]
        form = form.refused(Invalid({"file": wrong}))
        return render_template("inbox/contact_import.html", form=form, remarks=[]), 422
    with services().sessions.begin() as session:
        here = member(session)
        contact_import.hold(session, here.workspace_id, here.user_id, checked.cards)
        return _shown(session, checked.cards, checked.remarks)


@blueprint.post("/take")
def take() -> Answer:
    """Take the contacts that were shown."""
    try:
        with services().sessions.begin() as session:
            here = member(session)
            cards = contact_import.held(session, here.workspace_id, here.user_id)
            new = contact_import.outlook(session, here.workspace_id, cards).new
            require_room(session, Quota.CONTACTS, len(new), field="file")
            contact_import.take(session, here.workspace_id, cards)
            contact_import.drop(session, here.workspace_id, here.user_id)
    except Invalid as refusal:
        form = Form(ImportForm(), request.form).refused(refusal)
        return render_template("inbox/contact_import.html", form=form, remarks=[]), 422
    flash(ngettext("%(num)d contact imported.", "%(num)d contacts imported.", len(cards)))
    return redirect(url_for("contacts.listing"))


@blueprint.post("/drop")
def drop() -> Response:
    """Forget the contacts that were shown."""
    with services().sessions.begin() as session:
        here = member(session)
        contact_import.drop(session, here.workspace_id, here.user_id)
    flash(gettext("Nothing was imported."))
    return redirect(url_for("contacts.listing"))


def _cards() -> list[Card]:
    """The contacts of the file that was sent. Raises `Invalid`."""
    sent = request.files.get("file")
    content = sent.read() if sent else b""
    with opening("file"):
        head = content[:4096].decode("utf-8", errors="ignore")
        found = _few(cards_of_vcard(text_in(content)) if is_vcard(head) else cards_of_table(_few(rows_in(content))))
    if not found:
        raise Invalid({"file": [_NOTHING]})
    return found


def _few(things: Iterable[Thing]) -> list[Thing]:
    """At most `MOST` contacts, or rows with the one that names the columns. Raises `Invalid` if there are more."""
    few = list(islice(things, MOST + 2))
    if len(few) > MOST + 1:
        raise Invalid({"file": [Sentence(_TOO_MANY, most=MOST)]})
    return few


def _shown(session: Session, cards: list[Card], remarks: list[contact_import.Remark]) -> str:
    outlook = contact_import.outlook(session, member(session).workspace_id, cards)
    return render_template(
        "inbox/contact_import.html", form=Form(ImportForm()), outlook=outlook, remarks=remarks, shown=SHOWN
    )
