"""Telling the team of calls that nobody took."""

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

NEWS_TAKES: Final = timedelta(seconds=15)
"""When a caller hangs up, news that the call is over may overtake that of the talk or the message that it ended."""

WORDS_TAKE: Final = timedelta(minutes=5)
"""A message is told of with its words; where they have not come by then, without."""


def missed(session: Session, call: Call) -> None:
    """Somebody called in vain, as far as is known yet."""
    if call.outcome is Outcome.MISSED:
        tell_of_missed.defer_in(session, NEWS_TAKES, call_id=call.id)


def message_left(session: Session, call: Call) -> None:
    """Somebody left a message: it is told as soon as its words are there."""
    tell_without_words.defer_in(session, WORDS_TAKE, call_id=call.id)


def words_came(session: Session, call: Call) -> None:
    """The words of a message are there."""
    _tell(session, call, TeamEvent.VOICEMAIL)


def going_round(session: Session, call: Call) -> None:
    """A call came back to the line that rang it: those in charge hear once a day which forwarding to remove."""
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
def tell_of_missed(services: Services, *, call_id: int) -> None:
    """Tell of a call in vain; silent where somebody took it after all, or a message was left."""
    with services.sessions.begin() as session:
        call = session.get_one(Call, call_id)
        if call.outcome is Outcome.MISSED:
            _tell(session, call, TeamEvent.MISSED_CALL)


@task
def tell_without_words(services: Services, *, call_id: int) -> None:
    """Tell of a message whose words are late; silent where it was told."""
    with services.sessions.begin() as session:
        _tell(session, session.get_one(Call, call_id), TeamEvent.VOICEMAIL)


def _tell(session: Session, call: Call, event: TeamEvent) -> None:
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
