"""What operators decide about a workspace: a pause, and the countries it may call and text."""

from datetime import timedelta
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from service.config import Settings
from service.errors import NotFound
from service.spending.models import Allowance, Destination
from service.time import now


def begin(session: Session, settings: Settings, workspace_id: int) -> None:
    """Count a workspace as new from now on, for the days that the settings say."""
    new_until = now() + timedelta(days=settings.new_workspace_days)
    session.add(Allowance(workspace_id=workspace_id, new_until=new_until))


def limit(session: Session, workspace_id: int, a_day: int | None) -> None:
    """Let a workspace that was begun spend no more than this on a day; None lets it spend what the settings say."""
    session.get_one(Allowance, workspace_id).most_a_day = None if a_day is None else Decimal(a_day)


def pause(session: Session, workspace_id: int) -> None:
    """Stop all that a workspace sends, calls, buys and transfers; what comes in goes on. Idempotent."""
    row = insert(Allowance).values(workspace_id=workspace_id, paused_at=now())
    session.execute(row.on_conflict_do_update(index_elements=["workspace_id"], set_={"paused_at": now()}))


def lift(session: Session, workspace_id: int) -> None:
    """End the pause of a workspace. Idempotent."""
    allowance = session.get(Allowance, workspace_id, with_for_update=True)
    if allowance:
        allowance.paused_at = None


def allow(session: Session, workspace_id: int, country: str) -> None:
    """Let a workspace call and text a country (ISO 3166) that it has asked for. Raises `NotFound`."""
    asked = session.get(Destination, (workspace_id, country), with_for_update=True)
    if asked is None:
        raise NotFound("This workspace hasn’t asked for that country.")
    asked.allowed_at = asked.allowed_at or now()


def asked_for(session: Session) -> list[Destination]:
    """The countries that wait for an operator's word, oldest first."""
    waiting = select(Destination).where(Destination.allowed_at.is_(None))
    return list(session.scalars(waiting.order_by(Destination.asked_at, Destination.country)))
