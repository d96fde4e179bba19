"""Whether a workspace has room for more of what its members store: a count and a sentence for each quota."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, exists, func, select
from sqlalchemy.orm import Session

from service.accounts.invitations import open_invitations
from service.accounts.models import Member
from service.calls.models import RecordedGreeting
from service.errors import Invalid, Sentence
from service.inbox.models import Contact, Conversation, Direction, Message, Picture
from service.inbox.shared import Note, SavedReply
from service.lines.models import Line
from service.porting.models import Document, PortNumber, PortProject
from service.porting.states import State
from service.quotas import Quota
from service.web.shell.context import member, services

MEGABYTE: Final = 1_000_000

_FULL: Final[Mapping[Quota, str]] = {
    Quota.CONTACTS: "Your workspace has reached the limit of {most} contacts. Email us if you need more.",
    Quota.SCHEDULED_TEXTS: "You’ve reached the limit of {most} scheduled texts. Cancel one first.",
    Quota.NOTES: "Your team has reached the limit of {most} notes. Email us if you need more.",
    Quota.SAVED_REPLIES: "You’ve reached the limit of {most} saved replies. Delete one first.",
    Quota.DRAFTS: "You’ve reached the limit of {most} transfer drafts. Send or delete one first.",
    Quota.GREETINGS: "You’ve reached the limit of {most} recorded greetings. Unused ones are deleted after 30 days.",
    Quota.MEMBERS: "Your team has reached the limit of {most} members and open invitations. Remove one first.",
    Quota.FILES_MB: (
        "Your pictures, bills, and greetings have reached the limit of {most} MB. Email us if you need more."
    ),
}


def require_room(
    session: Session, quota: Quota, more: float = 1, *, field: str, workspace_id: int | None = None
) -> None:
    """Make sure that a workspace, by default the signed-in person's, may store this much more.

    Others who store something in it wait until this is committed.

    Raises:
        Invalid: on the field, if it would be too much.
    """
    owner, most = workspace_id or member(session).workspace_id, services().settings.most(quota)
    lock = func.hashtextextended(f"{quota}:{owner}", 0)
    session.execute(select(func.pg_advisory_xact_lock(lock)))
    if _COUNTS[quota](session, owner) + more > most:
        raise Invalid({field: [Sentence(_FULL[quota], most=most)]})


def require_room_for_file(session: Session, size: int, *, field: str, workspace_id: int | None = None) -> None:
    """The same for a file of `size` bytes."""
    require_room(session, Quota.FILES_MB, size / MEGABYTE, field=field, workspace_id=workspace_id)


Count = Callable[[Session, int], float]


def _rows(counted: type[Any], *joins: Any, only: ColumnElement[bool] | None = None) -> Count:  # noqa: ANN401
    """Count the rows of a table that belong to a workspace, which the last of these tables names."""
    owner = (counted, *joins)[-1]

    def count(session: Session, workspace_id: int) -> float:
        rows: Select[Any] = select(func.count()).select_from(counted)
        for joined in joins:
            rows = rows.join(joined)
        mine = owner.workspace_id == workspace_id
        return session.scalar(rows.where(mine if only is None else mine & only)) or 0

    return count


def _members(session: Session, workspace_id: int) -> float:
    return _rows(Member)(session, workspace_id) + len(open_invitations(session, workspace_id))


def _megabytes(session: Session, workspace_id: int) -> float:
    sent = (
        select(func.sum(Picture.size))
        .join(Message, Message.id == Picture.message_id)
        .join(Message.conversation)
        .join(Conversation.line)
        .where(Message.direction == Direction.OUT, Line.workspace_id == workspace_id)
    )
    bills = select(func.sum(Document.size)).join(Document.project).where(PortProject.workspace_id == workspace_id)
    greetings = select(func.sum(RecordedGreeting.size)).join(Line).where(Line.workspace_id == workspace_id)
    return sum(int(session.scalar(size) or 0) for size in (sent, bills, greetings)) / MEGABYTE


_SENT: Final = exists().where(PortNumber.project_id == PortProject.id, PortNumber.state != State.DRAFT)

_COUNTS: Final[Mapping[Quota, Count]] = {
    Quota.CONTACTS: _rows(Contact),
    Quota.SCHEDULED_TEXTS: _rows(Message, Conversation, Line, only=Message.leaves_at.is_not(None)),
    Quota.NOTES: _rows(Note, Conversation, Line),
    Quota.SAVED_REPLIES: _rows(SavedReply),
    Quota.DRAFTS: _rows(PortProject, only=~_SENT),
    Quota.GREETINGS: _rows(RecordedGreeting, Line),
    Quota.MEMBERS: _members,
    Quota.FILES_MB: _megabytes,
}
