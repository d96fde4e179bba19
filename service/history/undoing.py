"""Taking an import out again."""

from typing import Final

from sqlalchemy import delete, exists, func, select, update
from sqlalchemy.orm import Session

from service.db import Sessions
from service.history.models import HistoryImport, ImportedName, ImportedRow, ImportState
from service.inbox.models import Call, Contact, Conversation, Message
from service.inbox.shared import Note
from service.queue import task
from service.services import Services
from service.time import now

AT_ONCE: Final = 500
"""Rows of one transaction, so few that nothing waits for it."""


@task
def undo_history(services: Services, *, import_id: int) -> None:
    """Take out again what an import made, but no conversation in which something was said since."""
    for kept in (Message, Call):
        while _deleted(services.sessions, import_id, kept):
            pass
    with services.sessions.begin() as session:
        _delete_what_is_empty(session, import_id)
        work = session.get_one(HistoryImport, import_id)
        work.state, work.ended_at = ImportState.UNDONE, now()


def _deleted(sessions: Sessions, import_id: int, kept: type[Call | Message]) -> int:
    """Delete some of the texts or calls that an import made; how many there were."""
    column = ImportedRow.call_id if kept is Call else ImportedRow.message_id
    with sessions.begin() as session:
        some = select(column).where(ImportedRow.import_id == import_id, column.is_not(None)).limit(AT_ONCE)
        ids = session.scalars(some).all()
        talks = select(kept.conversation_id).where(kept.id.in_(ids))
        session.execute(
            update(Conversation).where(Conversation.id.in_(talks)).values(changed_at=func.clock_timestamp())
        )
        session.execute(delete(kept).where(kept.id.in_(ids)))
        return len(ids)


def _delete_what_is_empty(session: Session, import_id: int) -> None:
    """Delete the conversations, names and contacts that an import made, as far as nothing has come to them since."""
    made = ImportedRow.import_id == import_id
    talks = select(ImportedRow.conversation_id).where(made)
    said = [exists().where(entry.conversation_id == Conversation.id) for entry in (Message, Call, Note)]
    session.execute(delete(Conversation).where(Conversation.id.in_(talks), *(~one for one in said)))
    given = (
        ImportedName.import_id == import_id,
        ImportedName.contact_id == Contact.id,
        ImportedName.name == Contact.name,
    )
    session.execute(update(Contact).where(exists().where(*given)).values(name=""))
    people = select(ImportedRow.contact_id).where(made)
    talked = exists().where(Conversation.contact_id == Contact.id)
    told = Contact.name + Contact.company + Contact.email + Contact.notes
    session.execute(delete(Contact).where(Contact.id.in_(people), ~talked, told == ""))
