"""Unassigning conversations from a member who no longer sees their line."""

from sqlalchemy import ColumnElement, false, select, update
from sqlalchemy.orm import Session

from service.accounts.access import seen_by
from service.accounts.models import Member
from service.inbox.models import Conversation
from service.lines.models import Line


def unassign_hidden(session: Session, workspace_id: int, user_id: int) -> None:
    """Unassign from a user the conversations of a workspace on lines that they do not see."""
    session.execute(
        update(Conversation)
        .where(
            Conversation.assignee_id == user_id,
            Conversation.line_id.in_(select(Line.id).where(Line.workspace_id == workspace_id)),
            Conversation.line_id.not_in(select(Line.id).where(_seen(session, workspace_id, user_id))),
        )
        .values(assignee_id=None, assigned_at=None)
    )


def _seen(session: Session, workspace_id: int, user_id: int) -> ColumnElement[bool]:
    here = select(Member).where(Member.workspace_id == workspace_id, Member.user_id == user_id)
    member = session.scalar(here)
    return seen_by(member) if member else false()
