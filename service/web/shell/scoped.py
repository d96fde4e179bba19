"""Rows by id among those the person may see. Rows of others raise `NotFound`, as missing ones do."""

from collections.abc import Collection, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.accounts.access import line_for, seen_by
from service.accounts.desk import platform_worked_for
from service.brands import platform_of
from service.errors import NotFound
from service.inbox.access import call_for, conversation_for, message_for, picture_for, piece_for
from service.inbox.models import Call, Conversation, Message, Picture, RecordedPiece
from service.lines.models import Line
from service.porting.models import PortProject
from service.porting.queries import project_for, project_named
from service.web.shell.context import member, person


def my_line(session: Session, line_id: int) -> Line:
    """A line that the person sees. Raises `NotFound`."""
    return line_for(session, member(session), line_id)


def my_conversation(session: Session, conversation_id: int) -> Conversation:
    """A conversation on a line that the person sees. Raises `NotFound`."""
    return conversation_for(session, member(session), conversation_id)


def my_conversations(session: Session, conversation_ids: Collection[int]) -> Sequence[Conversation]:
    """Those of these conversations that are on lines which the person sees, locked; the others are left out."""
    here = Conversation.id.in_(conversation_ids), seen_by(member(session))
    query = select(Conversation).join(Conversation.line).where(*here).order_by(Conversation.id)
    return session.scalars(query.with_for_update(of=Conversation)).all()


def my_call(session: Session, call_id: int) -> Call:
    """A call on a line that the person sees. Raises `NotFound`."""
    return call_for(session, member(session), call_id)


def my_piece(session: Session, piece_id: int) -> RecordedPiece:
    """A further piece of a recorded call on a line that the person sees. Raises `NotFound`."""
    return piece_for(session, member(session), piece_id)


def my_picture(session: Session, picture_id: int) -> Picture:
    """A picture on a line that the person sees. Raises `NotFound`."""
    return picture_for(session, member(session), picture_id)


def my_message(session: Session, message_id: int) -> Message:
    """A message on a line that the person sees. Raises `NotFound`."""
    return message_for(session, member(session), message_id)


def project_at_desk(session: Session, public_id: str) -> PortProject:
    """A transfer of any workspace, for our staff; of their platform's, if they work for one. Raises `NotFound`."""
    project, platform = project_named(session, public_id), platform_worked_for(session, person().id)
    opened_by = platform_of(session, project.workspace_id) if platform else None
    if platform and (opened_by is None or opened_by.workspace_id != platform):
        raise NotFound("We can’t find that transfer.")
    return project


def my_project(session: Session, public_id: str) -> PortProject:
    """A port project that comes to a line that the person sees. Raises `NotFound`."""
    return project_for(session, member(session), public_id)
