"""Telling a line's people what happened there: one row for each person and way, delivered by a job."""

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from service.accounts.access import members_on
from service.accounts.models import Member
from service.lines.models import Line
from service.team.delivery import deliver
from service.team.models import EMAIL, USUAL, Choice, Notice, TeamEvent, Way
from service.time import now

AWAY_AFTER: Final = timedelta(minutes=5)
"""Somebody who has had no page of ours open for so long is away."""

LONGEST_WORDS: Final = 300
"""So many characters of a text or a transcript go along."""


def tell(  # noqa: PLR0913 -- all by name: what happened, where, to whom it is told
    session: Session,
    line_id: int,
    event: TeamEvent,
    *,
    conversation_id: int,
    reference: str,
    who: str,
    words: str = "",
    only: Collection[int] | None = None,
    at: datetime | None = None,
) -> None:
    """Tell those who see the line and want to know. Repeating it with the same `reference` ("call:7") is silent.

    `who` is the person it came from by name or number (E.164), `words` what they said or wrote, `at` when that was
    (aware; now if left out); `only` names the users it is for (those mentioned), None means everybody. A text is told
    to those who are away.
    """
    when = (at or now()).isoformat()
    facts = {"conversation_id": conversation_id, "who": who, "words": words[:LONGEST_WORDS], "at": when}
    line = session.get_one(Line, line_id)
    for member in members_on(session, line):
        concerned = only is None or member.user_id in only
        if concerned and (event is not TeamEvent.TEXT or is_away(member)):
            tell_member(session, member, line, event, reference, facts)


def tell_member(
    session: Session, member: Member, line: Line, event: TeamEvent, reference: str, facts: Mapping[str, Any]
) -> None:
    """Tell one of them by every way they chose for this; silent when it was told before."""
    for way_id in _ways(session, member, line, event):
        row = {
            "member_id": member.id,
            "way_id": way_id,
            "line_id": line.id,
            "event": event,
            "reference": reference,
            "facts": dict(facts),
        }
        fresh = session.scalar(insert(Notice).values(row).on_conflict_do_nothing().returning(Notice.id))
        if fresh is not None:
            deliver.defer(session, notice_id=fresh)


def is_away(member: Member) -> bool:
    """Whether somebody has to be called to their inbox: off duty, or not looking at it."""
    return not member.on_duty or member.seen_at is None or member.seen_at < now() - AWAY_AFTER


def _ways(session: Session, member: Member, line: Line, event: TeamEvent) -> Iterator[int | None]:
    """The ids of their ways for this, None for e-mail; a way that was taken away since is passed over."""
    choice = session.get(Choice, (member.id, line.id))
    chosen = [EMAIL] if event is TeamEvent.CIRCLE else (choice.told if choice else USUAL).get(event, [])
    if EMAIL in chosen:
        yield None
    yield from session.scalars(
        select(Way.id).where(Way.member_id == member.id, Way.id.in_([key for key in chosen if key != EMAIL]))
    )
