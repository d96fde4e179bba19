"""Notifying the team of unanswered calls."""

from datetime import timedelta
from typing import Final

from sqlalchemy.orm import Session

from service.accounts.access import members_on
from service.accounts.models import IN_CHARGE
from service.inbox.models import Call, Outcome
from service.queue import task
from service.services import Services
from service.team_notices.models import TeamEvent
from service.team_notices.notify import notify_line

CALLBACKS_TAKE: Final = timedelta(seconds=15)
"""The callback that a call is over may overtake the one about its answer or its voicemail by this much."""

TRANSCRIPT_TAKES: Final = timedelta(minutes=5)
"""How long the notice of a voicemail waits for the transcript."""


def notify_missed_soon(session: Session, call: Call) -> None:
    """Notify of a missed call after a short wait, unless it turns out to be none."""
    if call.outcome is Outcome.MISSED:
        notify_missed_call.defer_in(session, CALLBACKS_TAKE, call_id=call.id)


def notify_voicemail_soon(session: Session, call: Call) -> None:
    """Notify of a voicemail at the latest when its transcript is overdue; `notify_transcript` may come first."""
    notify_voicemail.defer_in(session, TRANSCRIPT_TAKES, call_id=call.id)


def notify_transcript(session: Session, call: Call) -> None:
    """Notify of a voicemail whose transcript has come."""
    _notify(session, call, TeamEvent.VOICEMAIL)


def notify_loop(session: Session, call: Call) -> None:
    """Notify owners and admins of a forwarding loop, once a day, and of the number that must stop forwarding."""
    talk = call.conversation
    notify_line(
        session,
        talk.line_id,
        TeamEvent.CIRCLE,
        conversation_id=talk.id,
        reference=f"{talk.line_id}:{call.forwarded_from}:{call.at.date()}",
        who=call.forwarded_from,
        only=[member.user_id for member in members_on(session, talk.line) if member.role in IN_CHARGE],
        at=call.at,
    )


@task
def notify_missed_call(services: Services, *, call_id: int) -> None:
    """Notify of a missed call, unless it was answered after all or a voicemail was left."""
    with services.sessions.begin() as session:
        call = session.get_one(Call, call_id)
        if call.outcome is Outcome.MISSED:
            _notify(session, call, TeamEvent.MISSED_CALL)


@task
def notify_voicemail(services: Services, *, call_id: int) -> None:
    """Notify of a voicemail whose transcript is late; nothing is sent twice, as notices have a reference."""
    with services.sessions.begin() as session:
        _notify(session, session.get_one(Call, call_id), TeamEvent.VOICEMAIL)


def _notify(session: Session, call: Call, event: TeamEvent) -> None:
    talk = call.conversation
    notify_line(
        session,
        talk.line_id,
        event,
        conversation_id=talk.id,
        reference=f"call:{call.id}:{event}",
        who=talk.contact.name or talk.contact.number,
        words=call.transcript,
        at=call.at,
    )
