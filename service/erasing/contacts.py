"""Erasing a contact: all that was said with a person, once nothing of it is under way any more.

What the law has us keep stays: that they want no texts, and that they agreed to some. The raw callbacks of what was
said go after `CALLBACK_DAYS`; at the carrier it goes by the carrier's own settings.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import Select, delete, select
from sqlalchemy.orm import Session

from service.accounts.change_log import Action, note
from service.accounts.members import must_be_in_charge
from service.accounts.models import Member
from service.calls.recordings import drop_files
from service.errors import Conflict
from service.events.models import Delivery
from service.inbox.models import Call, Contact, Conversation, Message, Picture, RecordedPiece
from service.inbox.outside import conversation_sequence
from service.inbox.shared import Note
from service.team_notices.models import TeamNotice
from service.time import now

UNTIL_ALL_IS_IN: Final = timedelta(days=1)
"""How long after a call or text nothing is erased: its callbacks may be late, and the carrier's log is compared."""


def erase_contact(session: Session, member: Member, contact: Contact) -> None:
    """Erase a contact with all conversations, calls, texts, notes and files.

    Raises:
        Forbidden: the member is no owner or admin.
        Conflict: they called or wrote, or were called or written to, within a day, or a scheduled text waits for them.
    """
    must_be_in_charge(member)
    session.refresh(contact, with_for_update=True)
    talks = select(Conversation.id).where(Conversation.contact_id == contact.id)
    _must_be_over(session, talks)
    ids = session.scalars(talks.with_for_update()).all()
    drop_files.defer(session, names=_files(session, ids))
    _delete(session, ids)
    session.delete(contact)
    note(session, workspace_id=member.workspace_id, user_id=member.user_id, action=Action.CONTACT_ERASED)


def _must_be_over(session: Session, talks: Select[int]) -> None:
    waiting = select(Message.id).where(Message.conversation_id.in_(talks), Message.leaves_at.is_not(None))
    if session.scalar(waiting.limit(1)):
        raise Conflict("A scheduled text waits for them. Cancel it first.")
    since = now() - UNTIL_ALL_IS_IN
    for entry in (Message, Call):
        late = select(entry.id).where(entry.conversation_id.in_(talks), entry.at > since)
        if session.scalar(late.limit(1)):
            raise Conflict("You called or texted with them within the last 24 hours. You can delete them after that.")


def _files(session: Session, talks: Sequence[int]) -> list[str]:
    """The names of their pictures, voicemails and recordings."""
    pictures = select(Picture.media, Picture.thumbnail).join(Message, Message.id == Picture.message_id)
    calls = select(Call.voicemail_media, Call.recording_media).where(Call.conversation_id.in_(talks))
    pieces = select(RecordedPiece.media).join(RecordedPiece.call).where(Call.conversation_id.in_(talks))
    queries: tuple[Select[*tuple[Any, ...]], ...] = (pictures.where(Message.conversation_id.in_(talks)), calls, pieces)
    return [name for query in queries for row in session.execute(query) for name in row if name]


def _delete(session: Session, talks: Sequence[int]) -> None:
    """Delete the rows; what else belongs to a conversation goes with it."""
    texts = select(Message.id).where(Message.conversation_id.in_(talks))
    session.execute(delete(Picture).where(Picture.message_id.in_(texts)))
    for entry in (Message, Call, Note):
        session.execute(delete(entry).where(entry.conversation_id.in_(talks)))
    session.execute(delete(TeamNotice).where(TeamNotice.facts["conversation_id"].as_integer().in_(talks)))
    sequences = [conversation_sequence(talk) for talk in talks]
    session.execute(delete(Delivery).where(Delivery.sequence.in_(sequences)))
    session.execute(delete(Conversation).where(Conversation.id.in_(talks)))
