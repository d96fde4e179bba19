"""What the porting desk owes today, mailed to its people in the morning; without a mail when nothing is owed."""

from dataclasses import dataclass
from datetime import date, time
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from service.accounts.desk import platform_worked_for
from service.accounts.models import User
from service.brands import our_brand
from service.desk.models import DeskCase
from service.desk.queue import transfers_of
from service.desk.team import Shift, note_mailed, open_notes, shifts
from service.notifications.composing import compose
from service.notifications.speech import Speaker
from service.porting.cases import PortCase
from service.porting.models import PortProject
from service.queue import task
from service.services import Mail, Services

MORNING: Final = time(7, 30)
"""From when it is sent, in the zone of the person's own workspace."""

LATEST: Final = time(12)
"""It is not sent after this time, so that an outage of ours does not delay it to the evening."""

NAMED: Final = 10
"""Transfers that the mail names: those that are late for longest."""

TEMPLATES: Final = Path(__file__).parent / "templates" / "morning"


@dataclass(frozen=True, slots=True)
class Owed:
    """What one person owes on a day: transfers that are theirs or nobody's, by how they stand, and notes left for them.

    `first` are those that are due first.
    """

    late: int
    today: int
    nobodys: int
    notes: int
    first: list[PortCase]


def owed(session: Session, user_id: int, day: date) -> Owed | None:
    """What a person owes on a day; None if nothing. Notes are left from shift to shift of those who see everything."""
    due = (
        select(PortCase)
        .outerjoin(DeskCase, DeskCase.project_id == PortCase.project_id)
        .where(PortCase.due_on <= day, func.coalesce(DeskCase.assignee_id, user_id) == user_id)
    )
    late, today = func.count().filter(PortCase.due_on < day), func.count().filter(PortCase.due_on == day)
    nobodys = func.count().filter(DeskCase.assignee_id.is_(None))
    if platform := platform_worked_for(session, user_id):
        due = due.where(PortCase.project_id.in_(transfers_of(platform)))
    notes = 0 if platform else len(open_notes(session))
    counts = session.execute(due.with_only_columns(late, today, nobodys)).one()
    first = due.order_by(PortCase.due_on, PortCase.project_id).limit(NAMED)
    whole = first.options(joinedload(PortCase.number), joinedload(PortCase.project).joinedload(PortProject.workspace))
    found = Owed(*counts, notes, list(session.scalars(whole)))
    return found if found.first or found.notes else None


def send_mornings(session: Session) -> None:
    """Mail each person of the desk, once on a day on which they work, in their morning."""
    for shift in shifts(session):
        if _is_due(shift):
            note_mailed(session, shift.user.id, shift.here.date())
            send_morning.defer(session, user_id=shift.user.id, day=shift.here.date().isoformat())


@task
def send_morning(services: Services, *, user_id: int, day: str) -> None:
    """Mail a person what they owe on a day (ISO 8601), unless that is nothing."""
    with services.sessions.begin() as session:
        mail = _mail(session, services, session.get_one(User, user_id), date.fromisoformat(day))
    if mail:
        services.mailer.send(mail)


def _is_due(shift: Shift) -> bool:
    is_morning = MORNING <= shift.here.time() < LATEST
    return is_morning and shift.seat.morning_mail and shift.works_today and shift.seat.mailed_on != shift.here.date()


def _mail(session: Session, services: Services, user: User, day: date) -> Mail | None:
    """In the person's language. It names numbers and businesses, as the desk's page does."""
    found = owed(session, user.id, day)
    if found is None:
        return None
    speaker = Speaker(user.language, ZoneInfo("UTC"))
    facts = {
        "late": found.late,
        "today": found.today,
        "nobodys": found.nobodys,
        "notes": found.notes,
        "first": [_named(speaker, listed) for listed in found.first],
        "more": found.late + found.today - len(found.first),
    }
    brand, path = our_brand(services.settings), "/desk/transfers/"
    message_id = f"<desk-morning-{user.id}-{day}@portline>"
    return compose(TEMPLATES, user.language, facts, brand=brand, to=user.email, message_id=message_id, path=path)


def _named(speaker: Speaker, listed: PortCase) -> dict[str, str]:
    return {
        "number": speaker.number(listed.number.number),
        "business": " ".join(listed.project.workspace.name.split()),
        "due": speaker.when(listed.due_on),
    }
