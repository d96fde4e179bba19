"""The grace of a temporary number after the cutover: it is kept while it is used, then released."""

from collections.abc import Collection
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, exists, func, or_, select
from sqlalchemy.orm import Session

from service.config import Settings
from service.inbox.models import Call, Contact, Conversation, Direction, Message
from service.lines.models import NumberRole, PhoneNumber, Standing
from service.notifications.notices import ReleaseNotice
from service.porting.followers import notify_project
from service.porting.lines import coming_to
from service.porting.models import PortNumber, PortProject
from service.porting.states import FINAL, State
from service.services import Services
from service.time import now

NOTICE = timedelta(days=7)
"""How long before the release the customer is notified, even if the grace has ended already."""


def release_day(number: PhoneNumber, settings: Settings) -> datetime:
    """When a retiring number may be released (aware UTC): after its grace, and a week after the notice."""
    return max(_end_of_grace(number, settings), (number.noticed_at or now()) + NOTICE)


def still_using(session: Session, number: PhoneNumber) -> list[str]:
    """Contacts (mostly E.164) who have called or texted a retiring number since it was replaced."""
    mine = Conversation.contact_id == Contact.id
    since = number.retiring_since or now()
    rang = exists().where(mine, Call.conversation_id == Conversation.id, Call.number == number.number, Call.at >= since)
    texted = exists().where(
        mine,
        Message.conversation_id == Conversation.id,
        Message.direction == Direction.IN,
        Message.number == number.number,
        Message.at >= since,
    )
    return list(session.scalars(select(Contact.number).where(or_(rang, texted)).order_by(Contact.number)))


def retiring_on(session: Session, line_ids: Collection[int]) -> list[PhoneNumber]:
    """The retiring numbers of lines."""
    worn = (PhoneNumber.line_id.in_(line_ids), PhoneNumber.standing == Standing.HELD)
    return list(session.scalars(select(PhoneNumber).where(*worn, PhoneNumber.role == NumberRole.RETIRING)))


def due_for_release(session: Session, settings: Settings) -> list[PhoneNumber]:
    """Retiring numbers that may be released now; only their rows are locked."""
    notified_in_time = PhoneNumber.noticed_at <= now() - NOTICE
    due = _retiring().where(notified_in_time, *_grace_over_at(settings, now())).with_for_update()
    return list(session.scalars(due))


def give_notice(session: Session, services: Services) -> None:
    """Notify customers, once for each temporary number, a week before it is released."""
    ending_soon = _grace_over_at(services.settings, now() + NOTICE)
    for number in session.scalars(_retiring().where(PhoneNumber.noticed_at.is_(None), *ending_soon).with_for_update()):
        number.noticed_at = now()
        _notify(session, services, number)


def _notify(session: Session, services: Services, number: PhoneNumber) -> None:
    project = session.scalar(
        select(PortProject)
        .join(PortProject.numbers)
        .where(coming_to() == number.line_id, PortNumber.state == State.LIVE)
        .order_by(PortProject.id.desc())
        .limit(1)
    )
    if project:
        live = [one for one in project.numbers if one.state is State.LIVE and one.line_id == number.line_id]
        zone = ZoneInfo(project.workspace.zone)
        day = release_day(number, services.settings).astimezone(zone).date()
        notice = ReleaseNotice(release_on=day, temporary=number.number)
        version = f"{number.number}:{(number.retiring_since or now()).date()}"
        notify_project(session, services, project, notice, version, live)


def _retiring() -> Select[PhoneNumber]:
    """Retiring numbers whose line has a live ported number, and no port that is open or may be taken back."""
    on_line = (PortNumber.project_id == PortProject.id, coming_to() == PhoneNumber.line_id)
    under_way = exists().where(*on_line, PortNumber.state.not_in([*FINAL, State.DRAFT]))
    live = exists().where(*on_line, PortNumber.state == State.LIVE)
    retiring = (PhoneNumber.role == NumberRole.RETIRING, PhoneNumber.standing == Standing.HELD)
    return select(PhoneNumber).where(*retiring, live, ~under_way).order_by(PhoneNumber.id)


def _grace_over_at(settings: Settings, moment: datetime) -> tuple[ColumnElement[bool], ...]:
    """The condition that `_end_of_grace` is at or before a moment (aware)."""
    since = func.coalesce(PhoneNumber.retiring_since, now())
    used = func.coalesce(PhoneNumber.last_used_at, since)
    return since <= moment - timedelta(days=settings.grace_days), used <= moment - timedelta(days=settings.quiet_days)


def _end_of_grace(number: PhoneNumber, settings: Settings) -> datetime:
    """`grace_days` after the number was replaced and `quiet_days` after it was last used, whichever is later."""
    since = number.retiring_since or now()
    used = number.last_used_at or since
    return max(since + timedelta(days=settings.grace_days), used + timedelta(days=settings.quiet_days))
