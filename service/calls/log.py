"""The calls of a workspace as a list, the latest first, a page at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from sqlalchemy import ColumnElement, Select, and_, func, select, true
from sqlalchemy.orm import Session, contains_eager, joinedload

from service.accounts.models import Member
from service.inbox.cursors import cursor_at, older_than
from service.inbox.models import Call, Conversation, Direction, Outcome
from service.inbox.search import calls_matching
from service.lines.models import Line, PhoneNumber

PAGE: Final = 30
"""Calls on a page."""

MOST_NEW: Final = 100
"""New voicemails are counted up to here."""


class CallView(StrEnum):
    """Which calls are listed."""

    ALL = "all"
    MISSED = "missed"
    VOICEMAIL = "voicemail"


@dataclass(frozen=True, slots=True)
class Logged:
    """A call in the list. A voicemail is `new` until one of the team has played it or opened its conversation."""

    call: Call
    new: bool


@dataclass(frozen=True, slots=True)
class CallLog:
    """A page of the list; `older` is the cursor of the next page, "" on the last."""

    rows: Sequence[Logged]
    older: str


def call_log(
    session: Session,
    member: Member,
    lines: Sequence[Line],
    view: CallView,
    before: str = "",
    wanted: str = "",
    most: int = PAGE,
) -> CallLog:
    """A page of the calls on these lines, with `wanted` only those whose caller or transcript has these words.

    `before` is a page's `older`; an invalid one gives the first page.
    """
    conditions = [*_VIEWS[view], *older_than(before, Call.at, Call.id)]
    if wanted:
        conditions.append(calls_matching(member.workspace_id, wanted))
    # their ids first: with eight more tables in one statement, the planner would read every call there is
    newest = session.scalars(_newest(lines, conditions, most + 1)).all()
    rows = session.execute(_listed(newest)).all()
    logged = [Logged(call, new) for call, new in rows[:most]]
    last = logged[-1].call if len(rows) > most else None
    return CallLog(logged, cursor_at(last.at, last.id) if last else "")


def new_voicemails(session: Session, lines: Sequence[Line]) -> int:
    """How many voicemails on these lines are new, of the latest `MOST_NEW` of each number."""
    newest = _newest_of_each(lines, [Call.outcome == Outcome.VOICEMAIL], MOST_NEW).subquery()
    new = select(func.count()).select_from(Call).where(Call.id.in_(select(newest.c.id)), _IS_NEW)
    return session.scalar(new) or 0


_VIEWS: Final[dict[CallView, list[ColumnElement[bool]]]] = {
    CallView.ALL: [],
    CallView.MISSED: [Call.direction == Direction.IN, Call.outcome == Outcome.MISSED],
    CallView.VOICEMAIL: [Call.outcome == Outcome.VOICEMAIL],
}

_IS_NEW: Final = and_(Call.outcome == Outcome.VOICEMAIL, Call.seen_at.is_(None))


def _newest(lines: Sequence[Line], conditions: Sequence[ColumnElement[bool]], most: int) -> Select[int]:
    """Ids of the newest calls on these lines."""
    of_each = _newest_of_each(lines, conditions, most).subquery()
    return select(of_each.c.id).order_by(of_each.c.at.desc(), of_each.c.id.desc()).limit(most)


def _newest_of_each(
    lines: Sequence[Line], conditions: Sequence[ColumnElement[bool]], most: int
) -> Select[int, datetime]:
    """Ids and times of the newest calls of each number on these lines. A number is read along its index.

    Numbers may have been on another line before, and calls stay where they came in: all numbers that the workspace has
    ever had are read, and the conversation says on which line a call was.
    """
    newest = (
        select(Call.id, Call.at)
        .join(Call.conversation)
        .where(Call.number == PhoneNumber.number, Conversation.line_id.in_([line.id for line in lines]), *conditions)
        .order_by(Call.at.desc(), Call.id.desc())
        .limit(most)
        .correlate(PhoneNumber)
        .lateral()
    )
    here = Line.workspace_id.in_({line.workspace_id for line in lines})
    numbers = select(newest.c.id, newest.c.at).select_from(PhoneNumber).join(PhoneNumber.line).join(newest, true())
    return numbers.where(here, PhoneNumber.number != "")


def _listed(ids: Sequence[int]) -> Select[Call, bool]:
    conversation = contains_eager(Call.conversation)
    return (
        select(Call, _IS_NEW)
        .join(Call.conversation)
        .join(Conversation.contact)
        .where(Call.id.in_(ids))
        .order_by(Call.at.desc(), Call.id.desc())
        .options(
            conversation.contains_eager(Conversation.contact),
            conversation.joinedload(Conversation.line).selectinload(Line.phones),
            joinedload(Call.author),
            joinedload(Call.answered_by),
        )
    )
