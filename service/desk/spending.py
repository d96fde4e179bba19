"""What workspaces spend, for the page of the porting desk."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from service.accounts.models import Workspace
from service.spending.expenses import MONTH
from service.spending.models import Allowance, DailyCost, Destination
from service.time import now

SHOWN: Final = 50
"""Workspaces on the page: those that spent most in the last month."""

_DAYS: Final = 7


@dataclass(frozen=True, slots=True)
class Spender:
    """A workspace with what it spent in the last `MONTH`, and on each of the last days that it spent anything."""

    workspace: Workspace
    month: Decimal
    days: dict[date, Decimal]


def last_days() -> list[date]:
    """The days (UTC) that the page shows, today first."""
    return [now().date() - timedelta(days=ago) for ago in range(_DAYS)]


def spenders(session: Session) -> list[Spender]:
    """Those that spent most in the last month, and those that are paused, in that order."""
    paused = list(session.scalars(select(Allowance.workspace_id).where(Allowance.paused_at.is_not(None))))
    month = func.sum(DailyCost.amount)
    lately = select(DailyCost.workspace_id, month).where(DailyCost.day > now().date() - MONTH)
    most = lately.group_by(DailyCost.workspace_id).order_by(month.desc(), DailyCost.workspace_id).limit(SHOWN)
    spent: dict[int, Decimal] = dict(session.execute(most).all())
    names = select(Workspace.id).where(Workspace.id.in_(paused), Workspace.waiting_since.is_(None))
    ids = [*spent, *(one for one in session.scalars(names.order_by(Workspace.id)) if one not in spent)]
    workspaces = {one.id: one for one in session.scalars(select(Workspace).where(Workspace.id.in_(ids)))}
    days = _by_day(session, ids)
    return [Spender(workspaces[one], spent.get(one, Decimal(0)), days.get(one, {})) for one in ids]


def newcomers(session: Session) -> list[Workspace]:
    """The businesses that wait to be approved, oldest first."""
    paused = select(Allowance.workspace_id).where(Allowance.paused_at.is_not(None))
    waiting = select(Workspace).where(Workspace.waiting_since.is_not(None), Workspace.id.in_(paused))
    return list(session.scalars(waiting.order_by(Workspace.waiting_since, Workspace.id)))


def waiting_countries(session: Session) -> list[tuple[Destination, Workspace]]:
    """The countries that workspaces wait to call and text, oldest first."""
    rows = select(Destination, Workspace).join(Workspace, Workspace.id == Destination.workspace_id)
    waiting = rows.where(Destination.allowed_at.is_(None)).order_by(Destination.asked_at, Destination.country)
    return [(asked, workspace) for asked, workspace in session.execute(waiting)]


def _by_day(session: Session, ids: Sequence[int]) -> dict[int, dict[date, Decimal]]:
    rows = select(DailyCost).where(DailyCost.workspace_id.in_(ids), DailyCost.day.in_(last_days()))
    found: dict[int, dict[date, Decimal]] = {}
    for cost in session.scalars(rows):
        found.setdefault(cost.workspace_id, {})[cost.day] = cost.amount
    return found
