"""The inbox as a list of conversations, the latest first, a page at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from sqlalchemy import ColumnElement, Select, case, exists, func, select, true
from sqlalchemy.orm import Session, contains_eager, joinedload

from service.accounts.models import Member
from service.inbox.cursors import cursor_at, older_than
from service.inbox.models import Conversation, Handling
from service.inbox.shared import ConversationTag, Mention, ReadMark
from service.lines.models import Line

PAGE: Final = 30
"""Conversations on a page."""


class View(StrEnum):
    """Which conversations are listed."""

    OPEN = "open"
    MINE = "mine"
    UNASSIGNED = "unassigned"
    MENTIONS = "mentions"
    SNOOZED = "snoozed"
    DONE = "done"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Listed:
    """A conversation in one person's list: how many entries are unread, and whether a new note mentions them."""

    conversation: Conversation
    unread: int
    called: bool


@dataclass(frozen=True, slots=True)
class Listing:
    """A page of the list; `older` is the cursor of the next page, "" on the last."""

    rows: list[Listed]
    older: str


def listing(
    session: Session,
    member: Member,
    lines: Sequence[Line],
    view: View,
    before: str = "",
    most: int = PAGE,
    tag_id: int = 0,
) -> Listing:
    """A page of the conversations on these lines, with a tag if one is given.

    `before` is a page's `older`; an invalid one gives the first page.
    """
    newest = _newest_of_each(lines, [*_conditions(view, member), *_tagged(tag_id), *_before(before)], most + 1)
    return _listed(session, member, newest, most)


def found_among(session: Session, member: Member, conversation_ids: Sequence[int], most: int = PAGE) -> Listing:
    """The first page of conversations with these ids."""
    return _listed(session, member, select(Conversation.id).where(Conversation.id.in_(conversation_ids)), most)


@dataclass(frozen=True, slots=True)
class Waiting:
    """Of a line's latest open conversations, at most `PAGE`: how many they are, and how many have news for a member."""

    open: int = 0
    unread: int = 0


def waiting_on(session: Session, member: Member, lines: Sequence[Line]) -> dict[int, Waiting]:
    """What waits on each of these lines, by the line's id."""
    mine = (ReadMark.conversation_id == Conversation.id) & (ReadMark.user_id == member.user_id)
    newest = _newest_of_each(lines, _conditions(View.OPEN, member), PAGE)
    counted = (
        select(Conversation.line_id, func.count(), func.count().filter(unread_by(member) > 0))
        .outerjoin(ReadMark, mine)
        .where(Conversation.id.in_(newest))
        .group_by(Conversation.line_id)
    )
    found = {line_id: Waiting(count, unread) for line_id, count, unread in session.execute(counted)}
    return {line.id: found.get(line.id, Waiting()) for line in lines}


def pulse(session: Session, lines: Sequence[Line]) -> str:
    """A value that changes whenever anything on these lines does: a page that has this value is up to date."""
    newest = select(func.max(Conversation.changed_at)).where(Conversation.line_id == Line.id).scalar_subquery()
    changed = session.scalar(select(func.max(newest)).where(Line.id.in_([line.id for line in lines])))
    return changed.isoformat() if changed else ""


def cursor_of(conversation: Conversation) -> str:
    """The cursor that continues a list after this conversation."""
    return cursor_at(conversation.last_at, conversation.id)


def _before(cursor: str) -> list[ColumnElement[bool]]:
    return older_than(cursor, Conversation.last_at, Conversation.id)


def _newest_of_each(lines: Sequence[Line], conditions: Sequence[ColumnElement[bool]], most: int) -> Select[int]:
    """Ids of the newest conversations. Each line is read by itself, along its index, so long lines cost no more."""
    newest = (
        select(Conversation.id)
        .where(Conversation.line_id == Line.id, *conditions)
        .order_by(Conversation.last_at.desc(), Conversation.id.desc())
        .limit(most)
        .correlate(Line)
        .lateral()
    )
    return select(newest.c.id).select_from(Line).join(newest, true()).where(Line.id.in_([line.id for line in lines]))


def _conditions(view: View, member: Member) -> list[ColumnElement[bool]]:
    is_open = Conversation.handling == Handling.OPEN
    named = exists().where(Mention.conversation_id == Conversation.id, Mention.user_id == member.user_id)
    conditions: dict[View, list[ColumnElement[bool]]] = {
        View.OPEN: [is_open],
        View.MINE: [is_open, Conversation.assignee_id == member.user_id],
        View.UNASSIGNED: [is_open, Conversation.assignee_id.is_(None)],
        View.MENTIONS: [named],
        View.SNOOZED: [Conversation.handling == Handling.SNOOZED],
        View.DONE: [Conversation.handling == Handling.DONE],
        View.ALL: [],
    }
    return conditions[view]


def _tagged(tag_id: int) -> list[ColumnElement[bool]]:
    with_it = ConversationTag.conversation_id == Conversation.id, ConversationTag.tag_id == tag_id
    return [exists().where(*with_it)] if tag_id else []


def _listed(session: Session, member: Member, ids: Select[int], most: int) -> Listing:
    mine = (ReadMark.conversation_id == Conversation.id) & (ReadMark.user_id == member.user_id)
    calls = exists().where(
        Mention.user_id == member.user_id, Mention.conversation_id == Conversation.id, Mention.seen_at.is_(None)
    )
    rows = session.execute(
        select(Conversation, unread_by(member), calls)
        .join(Conversation.contact)
        .outerjoin(ReadMark, mine)
        .where(Conversation.id.in_(ids))
        .order_by(Conversation.last_at.desc(), Conversation.id.desc())
        .limit(most + 1)
        .options(contains_eager(Conversation.contact), joinedload(Conversation.assignee))
    ).all()
    listed = [Listed(conversation, unread, called) for conversation, unread, called in rows]
    return Listing(listed[:most], cursor_of(listed[most - 1].conversation) if len(listed) > most else "")


def unread_by(member: Member) -> ColumnElement[int]:
    """How many entries a member has not read, with their `ReadMark` joined; those before their account are read."""
    before_them = case((Conversation.last_at < member.user.made_at, Conversation.heard), else_=0)
    return Conversation.heard - func.coalesce(ReadMark.heard, before_them)
