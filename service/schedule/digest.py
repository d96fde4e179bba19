"""The daily digest of a line: counts of the day before, for members who chose it."""

from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from service.accounts.access import members_on
from service.accounts.models import Workspace
from service.inbox.models import Call, Conversation, Direction, Message, Outcome
from service.inbox.shared import ReadMark
from service.lines.models import Line
from service.services import Services
from service.team_notices.models import NoticeChoice, TeamEvent
from service.team_notices.notify import notify_member
from service.time import now

MORNING: Final = time(8)
"""When it is sent, in the workspace's time zone."""

LATEST: Final = time(12)
"""It is not sent after this time, so that an outage of ours does not delay it to the evening."""


def send_digests(services: Services) -> None:
    """Send each line's digest once a day, in the morning of its workspace. A day without anything has none."""
    with services.sessions.begin() as session:
        for line, zone in session.execute(_WANTED):
            here = now().astimezone(ZoneInfo(zone))
            if MORNING <= here.time() < LATEST:
                _notify(session, line, datetime.combine(here.date(), MORNING, ZoneInfo(zone)))


_WANTED: Final = (
    select(Line, Workspace.zone)
    .join(Workspace)
    .where(exists().where(NoticeChoice.line_id == Line.id, NoticeChoice.channels[TeamEvent.DIGEST].astext != "[]"))
)
"""The lines of which a member has chosen the digest, for which no channel is chosen until they do."""


def _notify(session: Session, line: Line, until: datetime) -> None:
    counts = _counts(session, line, until)
    if any(counts.values()):
        for member in members_on(session, line):
            notify_member(session, member, line, TeamEvent.DIGEST, f"{line.id}:{until.date()}", counts)


def _counts(session: Session, line: Line, until: datetime) -> dict[str, int]:
    """Numbers of calls and texts in the day before, and of conversations that no member has read completely."""
    since = until - timedelta(days=1)
    on_line = Conversation.line_id == line.id
    calls = select(func.count(), func.count().filter(Call.outcome.in_([Outcome.MISSED, Outcome.VOICEMAIL])))
    calls = calls.select_from(Call).join(Call.conversation).where(on_line, Call.direction == Direction.IN)
    calls = calls.where(Call.at >= since, Call.at < until)
    texts = select(func.count()).select_from(Message).join(Message.conversation)
    texts = texts.where(on_line, Message.direction == Direction.IN, Message.at >= since, Message.at < until)
    read = exists().where(ReadMark.conversation_id == Conversation.id, ReadMark.heard >= Conversation.heard)
    waiting = select(func.count()).select_from(Conversation).where(on_line, Conversation.heard > 0, ~read)
    rung, missed = session.execute(calls).one()
    return {
        "calls": rung,
        "missed": missed,
        "texts": session.scalar(texts) or 0,
        "open": session.scalar(waiting) or 0,
    }
