"""Messages that a date brings, not an event: each is told once, however often this runs."""

from datetime import time, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.cutover.grace import give_notice
from service.notifications.models import Message
from service.porting.checks import zone_of
from service.porting.followers import signature_facts, tell_project
from service.porting.models import PortHistory, PortNumber
from service.porting.queries import due_within
from service.porting.states import State
from service.services import Services
from service.time import now, today

MORNING: Final = time(8)
"""Nobody is texted about the day before eight in the morning at the number."""

SIGNATURE_REMINDERS: Final = (timedelta(days=1), timedelta(days=2), timedelta(days=4))


def remind(services: Services) -> None:
    """Two days before and on the morning of a port, while a signature is missing, and before a number is released."""
    with services.sessions.begin() as session:
        for number in due_within(session, timedelta(days=3)):
            _remind_of_date(session, services, number)
        for number in session.scalars(select(PortNumber).where(PortNumber.state == State.AWAITING_SIGNATURE)):
            _remind_to_sign(session, services, number)
        give_notice(session, services)


def _remind_of_date(session: Session, services: Services, number: PortNumber) -> None:
    zone = zone_of(number.number)
    if number.committed_on is None or now().astimezone(zone).time() < MORNING:
        return
    ahead = number.committed_on - today(zone)
    if ahead == timedelta():
        _tell_date(session, services, number, Message.MORNING_OF)
    elif timedelta() < ahead <= timedelta(days=2):
        _tell_date(session, services, number, Message.TWO_DAYS_BEFORE)


def _tell_date(session: Session, services: Services, number: PortNumber, message: Message) -> None:
    date = number.committed_at or number.committed_on
    told = date.isoformat() if date else ""
    version = f"{number.attempt_id}:{number.id}:{told}"
    tell_project(session, services, number.project, message, version, [number], date=told)


def _remind_to_sign(session: Session, services: Services, number: PortNumber) -> None:
    wanted = _signature_wanted(session, number)
    days = wanted and max((wait for wait in SIGNATURE_REMINDERS if now() - wanted.at >= wait), default=None)
    if wanted and days:
        facts = signature_facts(number, wanted)
        version = f"{number.attempt_id}:{days.days}"
        tell_project(session, services, number.project, Message.SIGNATURE_REMINDER, version, [number], **facts)


def _signature_wanted(session: Session, number: PortNumber) -> PortHistory | None:
    rows = select(PortHistory).where(
        PortHistory.port_number_id == number.id, PortHistory.after == State.AWAITING_SIGNATURE
    )
    return session.scalars(rows.order_by(PortHistory.sequence.desc())).first()
