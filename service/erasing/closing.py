"""Closing an account, and keeping it after all. Until its day calls and texts go on; `closing_day.py` does the rest."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.orm import Session

from service.accounts.change_log import Action, note
from service.accounts.models import Workspace
from service.erasing.closing_mail import ClosingNews, notify_those_in_charge
from service.erasing.contacts import UNTIL_ALL_IS_IN
from service.erasing.holdings import transfers_under_way
from service.errors import Conflict
from service.spending.models import Closing
from service.time import now

NOTICE: Final = timedelta(days=30)
"""How long an account goes on after its owner asked to close it: a transfer to another provider takes days or weeks."""


def close(session: Session, workspace: Workspace, user_id: int | None) -> datetime:
    """Have an account close after `NOTICE`, and return when. Idempotent. `user_id` is None for an operator.

    Raises:
        Conflict: a transfer to it is under way.
    """
    session.refresh(workspace, with_for_update=True)
    if workspace.closes_at:
        return workspace.closes_at
    if transfers_under_way(session, workspace.id):
        raise Conflict("A transfer is under way. Wait until it’s done, or cancel it, before you close your account.")
    closing = Closing(workspace_id=workspace.id, closes_at=now() + NOTICE)
    session.add(closing)
    note(session, workspace_id=workspace.id, user_id=user_id, action=Action.ACCOUNT_CLOSED)
    notify_those_in_charge(session, closing, ClosingNews.BEGUN)
    return closing.closes_at


def keep(session: Session, workspace: Workspace, user_id: int | None) -> None:
    """Have an account stay open that was to be closed. Idempotent. Raises `Conflict` once its day has come."""
    closing = session.get(Closing, workspace.id, with_for_update=True)
    if closing is None:
        return
    if closing.closes_at <= now():
        raise Conflict("Your account is closed, and its numbers are being released.")
    note(session, workspace_id=workspace.id, user_id=user_id, action=Action.ACCOUNT_KEPT)
    notify_those_in_charge(session, closing, ClosingNews.KEPT)
    session.delete(closing)


def erased_at(closes_at: datetime) -> datetime:
    """When everything in an account is deleted that closes then: callbacks of its last calls and texts may be late."""
    return closes_at + UNTIL_ALL_IS_IN
