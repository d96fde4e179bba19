"""The e-mails about an account that closes, to its owner and admins."""

from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from service.accounts.models import IN_CHARGE, Member
from service.brands import brand_of
from service.erasing.contacts import UNTIL_ALL_IS_IN
from service.notifications.composing import compose
from service.notifications.speech import Speaker
from service.queue import task
from service.services import Mail, Services
from service.spending.models import Closing

TEMPLATES: Final = Path(__file__).parent / "templates"


class ClosingNews(StrEnum):
    """What is told; each has a folder of templates."""

    BEGUN = "closing_begun"
    SOON = "closing_soon"
    KEPT = "closing_kept"
    CLOSED = "closed"


def notify_those_in_charge(session: Session, closing: Closing, news: ClosingNews) -> None:
    """Have the owner and the admins of an account mailed."""
    closes_at = int(closing.closes_at.timestamp())
    mail_closing.defer(session, workspace_id=closing.workspace_id, news=news, closes_at=closes_at)


@task
def mail_closing(services: Services, *, workspace_id: int, news: str, closes_at: int) -> None:
    """Mail the owner and the admins. `closes_at` is when the account closes (seconds of the epoch)."""
    in_charge = Member.workspace_id == workspace_id, Member.role.in_(IN_CHARGE)
    found = select(Member).where(*in_charge).options(joinedload(Member.user), joinedload(Member.workspace))
    with services.sessions() as session:
        members = session.scalars(found).all()
    for member in members:
        services.mailer.send(_mail(services, member, news, datetime.fromtimestamp(closes_at, UTC)))


def _mail(services: Services, member: Member, news: str, closes_at: datetime) -> Mail:
    user, workspace = member.user, member.workspace
    speaker = Speaker(user.language, ZoneInfo(workspace.zone))
    facts = {
        "workspace": " ".join(workspace.name.split()),
        "day": speaker.day(closes_at.astimezone(speaker.zone).date()),
        "closes": speaker.moment(closes_at),
        "erased": speaker.moment(closes_at + UNTIL_ALL_IS_IN),
    }
    brand, path = brand_of(services.settings, workspace), f"/settings/close/?workspace={workspace.id}"
    message_id = f"<{news}-{workspace.id}-{int(closes_at.timestamp())}-{user.id}@portline>"
    return compose(TEMPLATES / news, user.language, facts, brand=brand, to=user.email, message_id=message_id, path=path)
