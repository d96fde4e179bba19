"""Contacts: one for each number in a workspace, however the number is spelled."""

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from service.accounts.access import seen_by
from service.accounts.models import IN_CHARGE, Member
from service.inbox.models import Contact, Conversation
from service.lines.models import Line
from service.phone_numbers import known_as, spellings


def conversation_with(session: Session, line: Line, spelled: str) -> Conversation:
    """The conversation of a line with a number in any spelling; a new one if there is none."""
    contact = _contact(session, line.workspace_id, known_as(spelled, line.country))
    found = select(Conversation).where(Conversation.line_id == line.id, Conversation.contact_id == contact.id)
    conversation = session.scalar(found)
    if conversation is None:
        begun = {"line_id": line.id, "contact_id": contact.id}
        session.execute(insert(Conversation).values(begun).on_conflict_do_nothing())
        conversation = session.scalars(found).one()
    set_committed_value(conversation, "contact", contact)  # loaded already: they are not asked for again
    set_committed_value(conversation, "line", line)
    return conversation


def known_to(member: Member) -> ColumnElement[bool]:
    """The condition on `Contact` that a member may see them: they have a conversation on a line the member sees."""
    here = Contact.workspace_id == member.workspace_id
    if member.role in IN_CHARGE:
        return here
    on_a_line = Conversation.contact_id == Contact.id, Conversation.line_id == Line.id
    return here & exists().where(*on_a_line, seen_by(member))


def _contact(session: Session, workspace_id: int, number: str) -> Contact:
    same = (Contact.workspace_id == workspace_id, Contact.number.in_(spellings(number)))
    found = select(Contact).where(*same).order_by(Contact.id).limit(1)
    contact = session.scalar(found)
    if contact is None:
        known = {"workspace_id": workspace_id, "number": number}
        session.execute(insert(Contact).values(known).on_conflict_do_nothing())
        contact = session.scalars(found).one()
    return contact
