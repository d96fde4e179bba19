"""The day on which an account closes: reminders before it, then its numbers go, and a day later all else."""

from datetime import timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.accounts.models import Workspace
from service.alerts import AlertKind, alert, alert_once_in
from service.erasing.closing import erased_at
from service.erasing.closing_mail import ClosingNews, notify_those_in_charge
from service.erasing.holdings import numbers_held, transfers_under_way
from service.erasing.workspaces import erase_workspace
from service.ledger.ledger import call_off, may_be_done
from service.ledger.models import EntryKind
from service.lines.models import PhoneNumber, Standing
from service.lines.releasing import begin_release
from service.queue import task
from service.services import Services
from service.spending.models import Closing
from service.time import now

MAILED_BEFORE: Final = (timedelta(days=7), timedelta(days=1), timedelta())
"""How long before an account closes its owner and admins are mailed; the last mail says that it is closed."""

_AGAIN: Final = timedelta(days=3)


def closing_workspaces(session: Session) -> list[int]:
    """The ids of the workspaces that close, the one with the earliest day first."""
    return list(session.scalars(select(Closing.workspace_id).order_by(Closing.closes_at)))


def go_on(session: Session, workspace_id: int) -> None:
    """Do what is due now about an account that closes; often, since a number may take some time to go."""
    closing = session.get(Closing, workspace_id, with_for_update=True)
    if closing is None:  # kept meanwhile
        return
    _remind(session, closing)
    if closing.closes_at <= now():
        _wind_up(session, closing)


@task
def erase_closed(services: Services, *, workspace_id: int) -> None:
    """Erase a closed account, and alert the operators to what it has registered at a carrier."""
    with services.sessions.begin() as session:
        closing = session.get(Closing, workspace_id, with_for_update=True)
        if closing is None or erased_at(closing.closes_at) > now():
            return
        _, registered = erase_workspace(session, workspace_id, session.get_one(Workspace, workspace_id).name)
        if registered:
            alert(session, AlertKind.REGISTRATION_LEFT, f"workspace:{workspace_id}", references=registered)


def _remind(session: Session, closing: Closing) -> None:
    due = [closing.closes_at - before for before in MAILED_BEFORE if closing.closes_at - before <= now()]
    if due and (closing.reminded_at is None or closing.reminded_at < due[-1]):
        closing.reminded_at = now()
        news = ClosingNews.CLOSED if due[-1] == closing.closes_at else ClosingNews.SOON
        notify_those_in_charge(session, closing, news)


def _wind_up(session: Session, closing: Closing) -> None:
    """Release the numbers. A day later have the account erased, or the operators alerted if it still holds one."""
    workspace_id, begun_at = closing.workspace_id, closing.reminded_at or now()
    over = erased_at(begun_at) <= now()
    coming = transfers_under_way(session, workspace_id)
    left = numbers_held(session, workspace_id)
    for number in left if not coming else []:
        _give_back(session, number)
    if over and (left or coming):
        about = f"workspace:{workspace_id}"
        alert_once_in(session, AlertKind.CLOSING_STUCK, about, _AGAIN, numbers=len(left), transfers=len(coming))
    elif over:
        erase_closed.defer_once(session, workspace_id=workspace_id)


def _give_back(session: Session, number: PhoneNumber) -> None:
    session.refresh(number, with_for_update=True)
    if number.standing is Standing.HELD:
        begin_release(session, number)
    elif call_off(session, EntryKind.BUY_NUMBER, number.id) or not may_be_done(
        session, EntryKind.BUY_NUMBER, number.id
    ):
        number.standing = Standing.FAILED
