"""Messages that a date brings, not an event: each is told once, however often this runs."""

from collections.abc import Iterable
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
        for numbers in _alike(due_within(session, timedelta(days=3))):
            _remind_of_date(session, services, numbers)
        for numbers in _unsigned(session):
            _remind_to_sign(session, services, numbers)
        give_notice(session, services)


def _alike(numbers: Iterable[PortNumber]) -> list[list[PortNumber]]:
    """Numbers of one filing with the same date in the same zone: they are told together."""
    groups: dict[tuple[int | None, str, str], list[PortNumber]] = {}
    for number in numbers:
        groups.setdefault((number.attempt_id, _date(number), zone_of(number.number).key), []).append(number)
    return list(groups.values())


def _date(number: PortNumber) -> str:
    date = number.committed_at or number.committed_on
    return date.isoformat() if date else ""


def _remind_of_date(session: Session, services: Services, numbers: list[PortNumber]) -> None:
    zone = zone_of(numbers[0].number)
    committed_on = numbers[0].committed_on
    if committed_on is None or now().astimezone(zone).time() < MORNING:
        return
    ahead = committed_on - today(zone)
    if ahead == timedelta():
        _tell_date(session, services, numbers, Message.MORNING_OF)
    elif timedelta() < ahead <= timedelta(days=2):
        _tell_date(session, services, numbers, Message.TWO_DAYS_BEFORE)


def _tell_date(session: Session, services: Services, numbers: list[PortNumber], message: Message) -> None:
    """Once for the filing, date and zone: when some of the numbers have come early, the rest are not told again."""
    first, date = numbers[0], _date(numbers[0])
    version = f"{first.attempt_id}:{date}:{zone_of(first.number).key}"
    tell_project(session, services, first.project, message, version, numbers, date=date)


def _unsigned(session: Session) -> list[list[PortNumber]]:
    """Numbers that wait for a signature, by their filing: there is one letter for each."""
    waiting = select(PortNumber).where(PortNumber.state == State.AWAITING_SIGNATURE).order_by(PortNumber.id)
    filings: dict[int | None, list[PortNumber]] = {}
    for number in session.scalars(waiting):
        filings.setdefault(number.attempt_id, []).append(number)
    return list(filings.values())


def _remind_to_sign(session: Session, services: Services, numbers: list[PortNumber]) -> None:
    number = numbers[0]
    wanted = _signature_wanted(session, number)
    days = wanted and max((wait for wait in SIGNATURE_REMINDERS if now() - wanted.at >= wait), default=None)
    if wanted and days:
        facts = signature_facts(number, wanted)
        version = f"{number.attempt_id}:{days.days}"
        tell_project(session, services, number.project, Message.SIGNATURE_REMINDER, version, numbers, **facts)


def _signature_wanted(session: Session, number: PortNumber) -> PortHistory | None:
    rows = select(PortHistory).where(
        PortHistory.port_number_id == number.id, PortHistory.after == State.AWAITING_SIGNATURE
    )
    return session.scalars(rows.order_by(PortHistory.sequence.desc())).first()
