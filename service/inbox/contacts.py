"""Contacts: one for each number in a workspace, however the number is spelled."""

from collections.abc import Mapping, Sequence
from typing import Final

from sqlalchemy import ColumnElement, bindparam, exists, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from service.accounts.access import seen_by
from service.accounts.models import IN_CHARGE, Member
from service.errors import Invalid, NotFound
from service.inbox.models import Contact, Conversation
from service.lines.models import Line
from service.phone_numbers import known_as, spellings


def conversation_with(session: Session, line: Line, spelled: str) -> Conversation:
    """The conversation of a line with a number in any spelling; a new one if there is none."""
    number = known_as(spelled, line.country)
    contact, conversation = _found(session, line, number) or _begun(session, line, number)
    set_committed_value(conversation, "contact", contact)  # loaded already: they are not asked for again
    set_committed_value(conversation, "line", line)
    return conversation


def is_known(session: Session, line: Line, spelled: str) -> bool:
    """Whether the line's workspace has a contact with a number, in any spelling."""
    known = Contact.workspace_id == line.workspace_id, Contact.number.in_(spellings(known_as(spelled, line.country)))
    return bool(session.scalar(select(exists().where(*known))))


def known_to(member: Member) -> ColumnElement[bool]:
    """The condition on `Contact` that a member may see them.

    They have a conversation on a line that the member sees, or none at all: those were written down or imported.
    """
    here = Contact.workspace_id == member.workspace_id
    if member.role in IN_CHARGE:
        return here
    theirs = Conversation.contact_id == Contact.id
    return here & or_(exists().where(theirs, Conversation.line_id == Line.id, seen_by(member)), ~exists().where(theirs))


def contact_for(session: Session, member: Member, contact_id: int) -> Contact:
    """A contact whom a member may see. Raises `NotFound` for any other."""
    contact = session.scalar(select(Contact).where(known_to(member), Contact.id == contact_id))
    if contact is None:
        raise NotFound("This contact doesn’t exist, or you don’t have access to it.")
    return contact


def conversations_of(session: Session, member: Member, contact: Contact) -> Sequence[Conversation]:
    """The conversations with a contact that a member sees, the latest first."""
    seen = select(Conversation).join(Conversation.line).where(Conversation.contact_id == contact.id, seen_by(member))
    return session.scalars(seen.order_by(Conversation.last_at.desc())).all()


def revise_contact(session: Session, member: Member, contact: Contact, facts: Mapping[str, str]) -> None:
    """Store what the team knows of a contact: the pages of their conversations change too."""
    for name, value in facts.items():
        setattr(contact, name, value)
    for conversation in conversations_of(session, member, contact):
        conversation.touch()


def write_down(session: Session, workspace_id: int, number: str, facts: Mapping[str, str]) -> Contact:
    """Make a contact who has not called or written yet. Raises `Invalid` if the workspace knows the number (E.164)."""
    values = {"workspace_id": workspace_id, "number": number, **facts}
    known = Contact.workspace_id == workspace_id, Contact.number.in_(spellings(number))
    if session.scalar(select(exists().where(*known))):
        raise Invalid({"number": ["You have a contact with this number already."]})
    session.execute(insert(Contact).values(values).on_conflict_do_nothing())
    return session.scalars(select(Contact).where(*known)).one()


_FOUND: Final = (
    select(Contact, Conversation)
    .outerjoin(Conversation, (Conversation.contact_id == Contact.id) & (Conversation.line_id == bindparam("line_id")))
    .where(Contact.workspace_id == bindparam("workspace_id"), Contact.number.in_(bindparam("spelled", expanding=True)))
    .order_by(Contact.id)
    .limit(1)
)


def _found(session: Session, line: Line, number: str) -> tuple[Contact, Conversation] | None:
    """The contact with a number, and their conversation on the line; None unless there are both."""
    asked = {"workspace_id": line.workspace_id, "line_id": line.id, "spelled": spellings(number)}
    found = session.execute(_FOUND, asked).first()
    return (found[0], found[1]) if found and found[1] else None


def _begun(session: Session, line: Line, number: str) -> tuple[Contact, Conversation]:
    """Both, inserted where they are missing and no other process is quicker."""
    known = select(Contact).where(Contact.workspace_id == line.workspace_id, Contact.number.in_(spellings(number)))
    contact = session.scalar(known.order_by(Contact.id).limit(1))
    if contact is None:
        columns = {"workspace_id": line.workspace_id, "number": number}
        session.execute(insert(Contact).values(columns).on_conflict_do_nothing())
        contact = session.scalars(known.order_by(Contact.id).limit(1)).one()
    session.execute(insert(Conversation).values(line_id=line.id, contact_id=contact.id).on_conflict_do_nothing())
    same = select(Conversation).where(Conversation.line_id == line.id, Conversation.contact_id == contact.id)
    return contact, session.scalars(same).one()
