"""Notifying the members on a line: one row for each member and channel, delivered by a job."""

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from service.accounts.access import members_on
from service.accounts.models import Member
from service.lines.models import Line
from service.team_notices.delivery import deliver_soon
from service.team_notices.models import DEFAULT, EMAIL, NoticeChoice, TeamChannel, TeamEvent, TeamNotice
from service.time import now

AWAY_AFTER: Final = timedelta(minutes=5)
"""A member who has had no page of ours open for so long is away."""

LONGEST_WORDS: Final = 300
"""The most characters of a text or a transcript that a notice quotes."""


def notify_line(  # noqa: PLR0913 -- all by name: what happened, where, and who is notified
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
    """Notify the members who see the line and chose this event, once for each `reference` ("call:7").

    `who` is the person it came from by name or number (E.164), `words` what they said or wrote, `at` when that was
    (aware; now if left out); `only` names the users it is for (those mentioned), None means everybody. A text
    notifies only members who are away.
    """
    when = (at or now()).isoformat()
    facts = {"conversation_id": conversation_id, "who": who, "words": words[:LONGEST_WORDS], "at": when}
    line = session.get_one(Line, line_id)
    for member in members_on(session, line):
        concerned = only is None or member.user_id in only
        if concerned and (event is not TeamEvent.TEXT or is_away(member)):
            notify_member(session, member, line, event, reference, facts)


def notify_member(
    session: Session, member: Member, line: Line, event: TeamEvent, reference: str, facts: Mapping[str, Any]
) -> None:
    """Notify one member over every channel they chose for this event, once for each `reference`."""
    for channel_id in _channels(session, member, line, event):
        row = {
            "member_id": member.id,
            "channel_id": channel_id,
            "line_id": line.id,
            "event": event,
            "reference": reference,
            "facts": dict(facts),
        }
        fresh = session.scalar(insert(TeamNotice).values(row).on_conflict_do_nothing().returning(TeamNotice.id))
        if fresh is not None:
            deliver_soon(session, member.id, channel_id)


def is_away(member: Member) -> bool:
    """Whether a member is off duty, or has no page of ours open."""
    return not member.on_duty or member.seen_at is None or member.seen_at < now() - AWAY_AFTER


def _channels(session: Session, member: Member, line: Line, event: TeamEvent) -> Iterator[int | None]:
    """The ids of the member's channels for an event, None for e-mail. Skipped is one that was removed, or is off."""
    theirs = select(TeamChannel.id).where(TeamChannel.member_id == member.id, TeamChannel.off_at.is_(None))
    if event is TeamEvent.PORT_OUT:
        yield from session.scalars(theirs)
        return
    choice = session.get(NoticeChoice, (member.id, line.id))
    chosen = [EMAIL] if event is TeamEvent.CIRCLE else (choice.channels if choice else DEFAULT).get(event, [])
    if EMAIL in chosen:
        yield None
    yield from session.scalars(theirs.where(TeamChannel.id.in_([key for key in chosen if key != EMAIL])))
