"""Contacts: everyone who has called or texted, or was written down."""

from typing import Any

from marshmallow import RAISE, fields, validate

from service.accounts.api_keys import Scope
from service.api.operations import Area, Caller
from service.api.paging import PageQuery, by_id, page_of, read_id
from service.api.values import Answer, e164, moment, number
from service.inbox import search
from service.inbox.contacts import contact_for, revise_contact, write_down
from service.inbox.models import Contact
from service.quotas import Quota
from service.web.inbox.forms import ContactForm
from service.web.shell.room import require_room

area = Area("contacts", __name__, description="Everyone who has called or texted, or was written down.")


class ContactAnswer(Answer):
    """A contact."""

    id = fields.Integer()
    number = fields.String()
    name = fields.String()
    company = fields.String()
    email = fields.String()
    notes = fields.String()
    created_at = moment("made_at")


class ContactQuery(PageQuery):
    """Which contacts."""

    q = fields.String(
        load_default="",
        validate=validate.Length(max=100),
        metadata={"description": "Words of the name, company, email or notes, or digits of the number."},
    )


class ContactChange(ContactForm):
    """What the team knows of a contact. What is left out stays."""

    class Meta:
        """Marshmallow's own settings."""

        unknown = RAISE


class NewContact(ContactChange):
    """A contact who has not called or written yet."""

    number = number()


@area.operation(
    "GET", "/contacts", page_of(ContactAnswer, "ContactPage"), scope=Scope.CONTACTS_READ, query=ContactQuery
)
def listing(caller: Caller, query: dict[str, Any]) -> dict[str, Any]:
    """List contacts in the order in which they were first known."""
    after, limit = read_id(query["cursor"]), query["limit"]
    return by_id(search.contacts(caller.session, caller.member, query["q"], after, limit + 1), limit)


@area.operation(
    "POST", "/contacts", ContactAnswer, scope=Scope.CONTACTS_WRITE, status=201, body=NewContact, tagged=True
)
def add(caller: Caller, facts: dict[str, Any]) -> Contact:
    """Write down a contact."""
    known_by = e164(facts.pop("number"), "number")
    require_room(caller.session, Quota.CONTACTS, field="number", workspace_id=caller.workspace_id)
    return write_down(caller.session, caller.workspace_id, known_by, facts)


@area.operation("GET", "/contacts/<int:contact_id>", ContactAnswer, scope=Scope.CONTACTS_READ, tagged=True)
def show(caller: Caller, contact_id: int) -> Contact:
    """Get a contact."""
    return contact_for(caller.session, caller.member, contact_id)


@area.operation(
    "PATCH",
    "/contacts/<int:contact_id>",
    ContactAnswer,
    scope=Scope.CONTACTS_WRITE,
    body=ContactChange(partial=True),
    tagged=True,
)
def change(caller: Caller, facts: dict[str, Any], contact_id: int) -> Contact:
    """Change what the team knows of a contact."""
    contact = contact_for(caller.session, caller.member, contact_id)
    caller.session.refresh(contact, with_for_update=True)  # simultaneous changes are made one after the other
    area.check_etag(contact, ContactAnswer)
    revise_contact(caller.session, caller.member, contact, facts)
    return contact
