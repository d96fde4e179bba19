"""The book of what is spent: each expense as estimated when it is incurred, and corrected when more is known."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from sqlalchemy import Select, func, literal, select
from sqlalchemy.dialects.postgresql import Insert, insert
from sqlalchemy.orm import Session

from service.ledger.models import LedgerEntry
from service.spending.models import CallExpense, DailyCost, Expense
from service.time import now

MONTH: Final = timedelta(days=30)
"""What counts as a month: the last thirty days, so that no cap begins anew on the first."""

_SECONDS: Final = 60

_COLUMNS: Final = ["workspace_id", "day", "amount", "currency", "texts"]


def written_down(entry_id: int, workspace_id: int, amount: Decimal, currency: str, texts: int = 0) -> Insert:
    """The statement that writes down what a ledger entry, of so many `texts`, is expected to cost. Idempotent.

    Other expenses of the workspace wait until its transaction ends.
    """
    row = {"entry_id": entry_id, "workspace_id": workspace_id, "day": now().date(), "amount": amount}
    expense = insert(Expense).values(row | {"currency": currency}).on_conflict_do_nothing().returning(Expense)
    fresh = expense.cte()
    added = [fresh.c.workspace_id, fresh.c.day, fresh.c.amount, fresh.c.currency, literal(texts)]
    return _added(insert(DailyCost).add_cte(fresh).from_select(_COLUMNS, select(*added)))


def correct(session: Session, entry_id: int, amount: Decimal) -> None:
    """Replace the estimate of a ledger entry by what it came to; 0 if it was refused."""
    expense = session.get(Expense, entry_id, with_for_update=True)
    if expense and expense.amount != amount:
        add(session, expense.workspace_id, expense.day, amount - expense.amount, expense.currency)
        expense.amount = amount


def correct_by_reference(session: Session, told: dict[str, Decimal]) -> None:
    """Replace the estimates of what carriers have told the price of, by the carrier's reference."""
    entries = select(LedgerEntry.id, LedgerEntry.reference).where(LedgerEntry.reference.in_(told))
    for entry_id, reference in session.execute(entries.order_by(LedgerEntry.id)).all():
        correct(session, entry_id, told[reference])


def write_down_call(session: Session, call_id: int, workspace_id: int, amount: Decimal, currency: str) -> None:
    """Write down what a call that came in costs, in place of what was written down of it before."""
    row = {"call_id": call_id, "workspace_id": workspace_id, "day": now().date(), "amount": 0, "currency": currency}
    session.execute(insert(CallExpense).values(row).on_conflict_do_nothing())
    correct_call(session, call_id, amount)


def correct_call(session: Session, call_id: int, amount: Decimal) -> None:
    """Replace what was written down of a call that came in by what it came to; of others nothing is written down."""
    expense = session.get(CallExpense, call_id, with_for_update=True)
    if expense and expense.amount != amount:
        add(session, expense.workspace_id, expense.day, amount - expense.amount, expense.currency)
        expense.amount = amount


def add(session: Session, workspace_id: int, day: date, amount: Decimal, currency: str) -> None:
    """Add an amount, perhaps a negative one, to what a workspace spends on a day (UTC)."""
    row = insert(DailyCost).values(workspace_id=workspace_id, day=day, amount=amount, currency=currency, texts=0)
    session.execute(_added(row))


def _added(row: Insert) -> Insert:
    both = {"amount": DailyCost.amount + row.excluded.amount, "texts": DailyCost.texts + row.excluded.texts}
    return row.on_conflict_do_update(index_elements=["workspace_id", "day"], set_=both)


def spent(session: Session, workspace_id: int | None = None) -> tuple[Decimal, Decimal]:
    """What was spent today (UTC) and in the last `MONTH`, by a workspace or by all of them."""
    today = now().date()
    of_today = func.coalesce(func.sum(DailyCost.amount).filter(DailyCost.day == today), 0)
    of_month = func.coalesce(func.sum(DailyCost.amount), 0)
    rows = select(of_today, of_month).where(DailyCost.day > today - MONTH)
    day, month = session.execute(rows.where(DailyCost.workspace_id == workspace_id) if workspace_id else rows).one()
    return day, month


def texts_today(session: Session, workspace_ids: Select[int]) -> int:
    """How many texts the people of these workspaces sent today (UTC)."""
    here = DailyCost.workspace_id.in_(workspace_ids), DailyCost.day == now().date()
    return session.scalar(select(func.coalesce(func.sum(DailyCost.texts), 0)).where(*here)) or 0


def started_minutes(seconds: int) -> int:
    """The minutes that a call of so many seconds is billed: each that was started."""
    return -(-seconds // _SECONDS)
