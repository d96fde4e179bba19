"""What workspaces have spent, and what each of them may."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated

from sqlalchemy import ForeignKey, Index, Numeric, String
from sqlalchemy.orm import Mapped, mapped_column

from service.db import Base, Made

Money = Annotated[Decimal, mapped_column(Numeric(14, 5))]
"""An amount in the currency of the carrier's price list, exact to a thousandth of a cent."""


class Allowance(Base):
    """What a workspace may do that costs money; one without a row may spend what the settings say.

    It counts as new until `new_until`. Since `paused_at` it calls, texts, buys and transfers nothing. A call that comes
    in is not forwarded until `forwards_stopped_until`, and rings no phone until `phones_stopped_until` (`incoming.py`).
    The platform that opened it lets it spend `most_a_day`, in the currency of the carrier's price list.
    """

    __tablename__ = "allowances"

    workspace_id: Mapped[int] = mapped_column(
        ForeignKey("workspaces.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    new_until: Mapped[datetime | None]
    paused_at: Mapped[datetime | None]
    forwards_stopped_until: Mapped[datetime | None]
    phones_stopped_until: Mapped[datetime | None]
    most_a_day: Mapped[Money | None]


class Closing(Base):
    """A workspace that its owner closes: from now on it buys, registers and transfers nothing.

    At `closes_at` its numbers are released. `reminded_at` is when its people were last mailed of that, None before.
    """

    __tablename__ = "closings"

    workspace_id: Mapped[int] = mapped_column(
        ForeignKey("workspaces.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    closes_at: Mapped[datetime]
    reminded_at: Mapped[datetime | None]


class Expense(Base):
    """What a ledger entry costs on a day (UTC): estimated when it is sent, corrected when the carrier says."""

    __tablename__ = "expenses"

    entry_id: Mapped[int] = mapped_column(ForeignKey("ledger_entries.id"), primary_key=True, autoincrement=False)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id", ondelete="CASCADE"))
    day: Mapped[date]
    amount: Mapped[Money]
    currency: Mapped[str] = mapped_column(String(3))


class CallExpense(Base):
    """What the phones that a call rings cost on a day (UTC), for a call that came in: estimated, then corrected."""

    __tablename__ = "call_expenses"

    call_id: Mapped[int] = mapped_column(
        ForeignKey("calls.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id", ondelete="CASCADE"))
    day: Mapped[date]
    amount: Mapped[Money]
    currency: Mapped[str] = mapped_column(String(3))


class DailyCost(Base):
    """What a workspace spends on a day (UTC), all together, and how many texts its people send."""

    __tablename__ = "daily_costs"
    __table_args__ = (Index("ix_daily_costs_day", "day"),)

    workspace_id: Mapped[int] = mapped_column(
        ForeignKey("workspaces.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    day: Mapped[date] = mapped_column(primary_key=True)
    amount: Mapped[Money]
    currency: Mapped[str] = mapped_column(String(3))
    texts: Mapped[int] = mapped_column(default=0, server_default="0")


class Destination(Base):
    """A country (ISO 3166) beyond its own that a workspace wanted to call or text, since `asked_at`.

    Nothing goes there before an operator has allowed it.
    """

    __tablename__ = "destinations"

    workspace_id: Mapped[int] = mapped_column(
        ForeignKey("workspaces.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    country: Mapped[str] = mapped_column(String(2), primary_key=True)
    asked_at: Mapped[Made]
    allowed_at: Mapped[datetime | None]
