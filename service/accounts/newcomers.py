"""Newcomers' first numbers: at once while they may be bought, else in the order in which people came."""

from datetime import timedelta
from pathlib import Path
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from service.accounts.models import Member, Membership, User, Workspace
from service.alerts import AlertKind, alert, alert_once_in
from service.brands import shared_brand
from service.config import Settings
from service.lines.inventory import (
    add_line,
    caps_reached,
    give_temporary,
    lines_of,
    lock_purchases,
    numbers_of,
)
from service.lines.models import Line, PhoneNumber, Standing
from service.lines.platform_room import without_room
from service.notifications.composing import compose
from service.queue import task
from service.registration.pools import open_pool
from service.services import Mail, Services
from service.signing_up import SignUp
from service.spending import allowances
from service.spending.destinations import HOME, country_of
from service.spending.models import Allowance, Closing
from service.spending.permission import is_paused
from service.time import now
from service.written_numbers import written

TEMPLATES: Final = Path(__file__).parent / "templates" / "number"

_DAY: Final = timedelta(days=1)
_LOOKING: Final = timedelta(minutes=1)
"""Who signed up so lately has the page open that shows the number, and needs no mail."""

_PATIENCE: Final = timedelta(seconds=30)
"""Between looks whether a number has been bought."""


def welcome(session: Session, services: Services, workspace: Workspace) -> None:
    """Open a workspace's line in the country of its area code, and give it a number as soon as one may be bought.

    Where sign-ups want approval it is paused, as those are that solved no challenge, and an operator is asked.
    """
    open_pool(session, services, workspace.id, workspace.name)
    add_line(session, workspace.id, workspace.name, _country_of(workspace.area), workspace.language)
    workspace.waiting_since = now()
    session.flush()
    if services.settings.sign_up is SignUp.APPROVAL:
        allowances.pause(session, workspace.id)
    if is_paused(session, workspace.id):
        alert(session, AlertKind.NEWCOMER_WAITS, f"workspace:{workspace.id}", business=workspace.name)
    serve_waiting(session, services)
    if workspace.waiting_since:
        _alert_to_caps(session, services.settings)


def serve_waiting(session: Session, services: Services) -> None:
    """Give numbers to those who wait, oldest first, while the caps allow it; they are mailed when theirs is there.

    A network from which `NUMBERS_PER_NETWORK` newcomers got one within a day waits, so that others are served.
    """
    lock_purchases(session)
    while not caps_reached(session, services.settings) and (workspace := _next(session, services.settings)):
        give_temporary(session, services, lines_of(session, workspace.id)[0], workspace.area)
        if workspace.waiting_since and workspace.waiting_since < now() - _LOOKING:
            mail_number.defer(session, workspace_id=workspace.id)
        workspace.waiting_since = None
        session.flush()


def forget_networks(session: Session) -> None:
    """Forget from which network people signed up, once it counts for nothing any more."""
    old = select(Workspace).where(Workspace.network != "", Workspace.waiting_since.is_(None))
    for workspace in session.scalars(old.where(Workspace.made_at < now() - 2 * _DAY).limit(500)):
        workspace.network = ""


@task
def mail_number(services: Services, *, workspace_id: int) -> None:
    """Tell the owner of a workspace that its number is there, as soon as it is bought."""
    with services.sessions.begin() as session:
        numbers = numbers_of(session, lines_of(session, workspace_id)[0].id)
        held = next((number for number in numbers if number.standing is Standing.HELD), None)
        if held is None:
            if numbers:
                mail_number.defer_in(session, _PATIENCE, workspace_id=workspace_id)
            return
        mail = _mail(services, _owner(session, workspace_id), held)
    services.mailer.send(mail)


def _country_of(area: str) -> str:
    """The country (ISO 3166) of an area code, if numbers are sold there; else the United States."""
    country = country_of(f"+1{area}2360123")
    return country if country in HOME else "US"


def _next(session: Session, settings: Settings) -> Workspace | None:
    """Who waits longest, is neither paused nor closing, has room, and whose network got less than its share today."""
    other = aliased(Workspace)
    given = (
        select(func.count())
        .select_from(PhoneNumber)
        .join(Line, Line.id == PhoneNumber.line_id)
        .join(other, other.id == Line.workspace_id)
        .where(other.network == Workspace.network, other.network != "")
        .where(PhoneNumber.made_at > now() - _DAY, PhoneNumber.standing != Standing.FAILED)
        .correlate(Workspace)
        .scalar_subquery()
    )
    paused = select(Allowance.workspace_id).where(Allowance.paused_at.is_not(None))
    closing = select(Closing.workspace_id)
    held_back = Workspace.id.not_in(paused.union(closing, without_room()))
    waiting = select(Workspace).where(Workspace.waiting_since.is_not(None), held_back)
    share = waiting.where(given < settings.numbers_per_network)
    return session.scalars(share.order_by(Workspace.waiting_since, Workspace.id).limit(1)).first()


def _alert_to_caps(session: Session, settings: Settings) -> None:
    for setting in caps_reached(session, settings) or ["NUMBERS_PER_NETWORK"]:
        alert_once_in(session, AlertKind.PURCHASE_CAP_REACHED, setting, _DAY)


def _owner(session: Session, workspace_id: int) -> User:
    owner = (Member.workspace_id == workspace_id, Member.role == Membership.OWNER)
    return session.scalars(select(User).join(User.memberships).where(*owner)).one()


def _mail(services: Services, owner: User, number: PhoneNumber) -> Mail:
    facts, message_id = {"number": written(number.number)}, f"<number-{number.id}@portline>"
    brand = shared_brand(services.settings, (one.workspace for one in owner.memberships))
    return compose(
        TEMPLATES, owner.language, facts, brand=brand, to=owner.email, message_id=message_id, path="/welcome"
    )
