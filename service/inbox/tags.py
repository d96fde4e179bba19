"""Tags: words by which a workspace sorts its conversations, in one spelling each."""

from collections.abc import Iterable
from typing import Final

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from service.errors import Invalid, Sentence
from service.inbox.models import Conversation
from service.inbox.shared import ConversationTag, Tag

MOST: Final = 100
"""Tags of a workspace: more than that are no help in finding anything."""

LONGEST: Final = 40


def tags_here(session: Session, workspace_id: int) -> list[Tag]:
    """All tags of a workspace, by name."""
    return list(session.scalars(select(Tag).where(Tag.workspace_id == workspace_id).order_by(func.lower(Tag.name))))


def tags_of(session: Session, conversations: Iterable[Conversation]) -> dict[int, list[Tag]]:
    """The tags of each of these conversations, by its id; those without a tag are left out."""
    ids = [conversation.id for conversation in conversations]
    rows = select(ConversationTag.conversation_id, Tag).join(Tag).where(ConversationTag.conversation_id.in_(ids))
    found: dict[int, list[Tag]] = {}
    for conversation_id, tag in session.execute(rows.order_by(func.lower(Tag.name))):
        found.setdefault(conversation_id, []).append(tag)
    return found


def add_tag(
    session: Session, conversations: Iterable[Conversation], workspace_id: int, name: str
) -> tuple[int, list[int]]:
    """Tag conversations of a workspace; returns the tag's id, and those of conversations that did not have it before.

    Raises:
        Invalid: the name is empty, or the workspace has `MOST` tags already.
    """
    tag = _named(session, workspace_id, " ".join(name.split()))
    rows = []
    for conversation in conversations:
        rows.append({"conversation_id": conversation.id, "tag_id": tag.id})
        conversation.touch()
    added = insert(ConversationTag).values(rows).on_conflict_do_nothing().returning(ConversationTag.conversation_id)
    return tag.id, list(session.scalars(added))


def remove_tag(session: Session, conversation: Conversation, tag_id: int) -> None:
    """Take a tag off a conversation. A tag that no conversation has any more is deleted."""
    used = ConversationTag.tag_id == tag_id
    removed = session.execute(delete(ConversationTag).where(used, ConversationTag.conversation_id == conversation.id))
    if removed.rowcount and not session.scalar(select(func.count()).where(used)):  # type: ignore[attr-defined]
        session.execute(delete(Tag).where(Tag.id == tag_id))
    conversation.touch()


def _named(session: Session, workspace_id: int, name: str) -> Tag:
    here = Tag.workspace_id == workspace_id
    found = session.scalar(select(Tag).where(here, func.lower(Tag.name) == name.lower()))
    if found:
        return found
    if not name:
        raise Invalid({"tag": ["Write the tag first."]})
    if (session.scalar(select(func.count()).where(here)) or 0) >= MOST:
        raise Invalid({"tag": [Sentence("There are {most} tags, the most that you may have.", most=MOST)]})
    session.execute(insert(Tag).values(workspace_id=workspace_id, name=name[:LONGEST]).on_conflict_do_nothing())
    return session.scalars(select(Tag).where(here, func.lower(Tag.name) == name[:LONGEST].lower())).one()
