"""Notices that are due at a time instead of after an event. Each is sent once, however often this runs."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from provisioning.time_zones import zone_of
from service.cutover.arrival_notices import notify_late_arrivals
from service.cutover.grace import give_notice
from service.cutover.last_bill import ask_about_last_bills
from service.cutover.queries import waiting_for_proof, waiting_for_texts
from service.cutover.readiness import MORNING, texts_wait_for
from service.notifications.draft_notices import DraftLeft
from service.notifications.notices import (
    DateReminder,
    EveningBefore,
    MorningOf,
    SignatureReminder,
    TwoDaysBefore,
)
from service.notifications.proof_notices import ProofWanted, TextsWait
from service.porting.drafts import abandoned_drafts
from service.porting.followers import notify_project
from service.porting.letters import end_unsigned
from service.porting.models import PortHistory, PortNumber, PortProject
from service.porting.queries import due_within
from service.porting.signing import ask_to_sign
from service.porting.states import State
from service.schedule.run_each import run_each
from service.services import Services
from service.time import now

EVENING: Final = time(18)
"""Customers of a port at or before eight in the morning are reminded from this time on the evening before."""

SIGNATURE_REMINDERS: Final = (timedelta(days=1), timedelta(days=2), timedelta(days=4))

DRAFT_REMINDERS: Final = (timedelta(days=1), timedelta(days=4))

PROOF_REMINDERS: Final = tuple(timedelta(hours=hours) for hours in (1, 24, 72, 168, 336, 672))
"""When customers are asked to call and text a number that nobody has called or texted from another network."""

TEXTS_PATIENCE: Final = timedelta(hours=1)
"""How long after a call has proven a number its texts may take before the customer is told what they wait for."""

OFFICE_HOURS: Final = range(9, 18)
"""Hours, in the workspace's time zone, in which reminders that can wait are sent."""


def remind(services: Services) -> None:
    """Send due reminders: port day, signature, draft, proof, release."""
    run_each(services, _OCCASIONS, lambda session, occasion: occasion(session, services))


def _remind_of_dates(session: Session, services: Services) -> None:
    for numbers in _alike(due_within(session, timedelta(days=3))):
        _remind_of_date(session, services, numbers)


def _remind_of_signatures(session: Session, services: Services) -> None:
    for numbers in _unsigned(session):
        _remind_to_sign(session, services, numbers)


def _remind_of_drafts(session: Session, services: Services) -> None:
    for project in abandoned_drafts(session, DRAFT_REMINDERS[0]):
        _remind_of_draft(session, services, project)


def _ask_for_proof(session: Session, services: Services) -> None:
    """Ask once for all numbers of a project, counted from the day on which the last of them came."""
    waiting: dict[PortProject, list[tuple[PortNumber, datetime]]] = {}
    for number, placed_at in waiting_for_proof(session):
        waiting.setdefault(number.project, []).append((number, placed_at))
    for project, placed in waiting.items():
        since = max(at for _, at in placed)
        waited = max((wait for wait in PROOF_REMINDERS if now() - since >= wait), default=None)
        if waited and _in_office_hours(project):
            numbers = [number for number, _ in placed]
            notice = ProofWanted(ported_at=max(number.ported_at or at for number, at in placed))
            notify_project(session, services, project, notice, f"{since:%Y%m%d%H%M}:{waited}", numbers)


def _notify_of_waiting_texts(session: Session, services: Services) -> None:
    """Once for the numbers of a project that calls have proven on one day and whose texts wait for the same."""
    waiting: dict[tuple[PortProject, str, date], list[PortNumber]] = {}
    for number, proven_at in waiting_for_texts(session):
        lack = texts_wait_for(session, services, number)
        if lack and now() - proven_at >= TEXTS_PATIENCE and _in_office_hours(number.project):
            waiting.setdefault((number.project, lack, proven_at.date()), []).append(number)
    for (project, lack, day), numbers in waiting.items():
        notify_project(session, services, project, TextsWait(waits_for=lack), f"{lack}:{day}", numbers)


def _in_office_hours(project: PortProject) -> bool:
    return now().astimezone(ZoneInfo(project.workspace.zone)).hour in OFFICE_HOURS


_OCCASIONS: Final = (
    _remind_of_dates,
    end_unsigned,
    _remind_of_signatures,
    notify_late_arrivals,
    _ask_for_proof,
    _notify_of_waiting_texts,
    _remind_of_drafts,
    give_notice,
    ask_about_last_bills,
)


def _alike(numbers: Iterable[PortNumber]) -> list[list[PortNumber]]:
    """Numbers of one filing with the same date and time zone, which share one notice."""
    groups: dict[tuple[int | None, str, str], list[PortNumber]] = {}
    for number in numbers:
        groups.setdefault((number.attempt_id, _date(number), zone_of(number.number).key), []).append(number)
    return list(groups.values())


def _date(number: PortNumber) -> str:
    return number.committed.isoformat() if number.committed else ""


def _remind_of_date(session: Session, services: Services, numbers: list[PortNumber]) -> None:
    reminder = _due(numbers[0], now().astimezone(zone_of(numbers[0].number)))
    if reminder and numbers[0].committed:
        _notify_of_date(session, services, numbers, reminder(date=numbers[0].committed))


def _due(number: PortNumber, local: datetime) -> type[DateReminder] | None:
    """The reminder that is due now; `local` is the present in the number's time zone."""
    if number.committed_on is None or local.time() < MORNING:
        return None
    ahead = number.committed_on - local.date()
    early = number.committed_at is not None and number.committed_at.astimezone(local.tzinfo).time() <= MORNING
    if ahead == timedelta():
        return None if early else MorningOf
    if early and ahead == timedelta(days=1) and local.time() >= EVENING:
        return EveningBefore
    return TwoDaysBefore if timedelta() < ahead <= timedelta(days=2) else None


def _notify_of_date(session: Session, services: Services, numbers: list[PortNumber], notice: DateReminder) -> None:
    """Once for each filing, date and zone, so that numbers ported early do not cause a second notice for the others."""
    first = numbers[0]
    version = f"{first.attempt_id}:{_date(first)}:{zone_of(first.number).key}"
    notify_project(session, services, first.project, notice, version, numbers)


def _remind_of_draft(session: Session, services: Services, project: PortProject) -> None:
    """Remind at most twice, however often the draft is resumed and left again."""
    if now().astimezone(ZoneInfo(project.workspace.zone)).hour not in OFFICE_HOURS:
        return
    waited = max(wait for wait in DRAFT_REMINDERS if now() - project.touched_at >= wait)
    notify_project(session, services, project, DraftLeft(begun_at=project.made_at), f"{waited.days}", project.numbers)


def _unsigned(session: Session) -> list[list[PortNumber]]:
    """Numbers that wait for a signature, grouped by filing, as each filing has one letter."""
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
        version = f"{number.attempt_id}:{days.days}"
        ask_to_sign(session, services, numbers, wanted, SignatureReminder, version)


def _signature_wanted(session: Session, number: PortNumber) -> PortHistory | None:
    rows = select(PortHistory).where(
        PortHistory.port_number_id == number.id, PortHistory.after == State.AWAITING_SIGNATURE
    )
    return session.scalars(rows.order_by(PortHistory.sequence.desc())).first()
