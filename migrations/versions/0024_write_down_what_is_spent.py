"""Write down what is spent, by whom and on which day; who is paused, and who calls where."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    op.create_table(
        "allowances",
        _workspace(primary_key=True),
        sa.Column("new_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("paused_at", sa.DateTime(timezone=True), nullable=True),
    )
    op.create_table(
        "expenses",
        sa.Column(
            "entry_id", sa.BigInteger(), sa.ForeignKey("ledger_entries.id"), primary_key=True, autoincrement=False
        ),
        _workspace(),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("amount", sa.Numeric(14, 5), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
    )
    op.create_table(
        "daily_costs",
        _workspace(primary_key=True),
        sa.Column("day", sa.Date(), primary_key=True),
        sa.Column("amount", sa.Numeric(14, 5), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
    )
    op.create_index("ix_daily_costs_day", "daily_costs", ["day"])
    op.create_table(
        "destinations",
        _workspace(primary_key=True),
        sa.Column("country", sa.String(2), primary_key=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("allowed_at", sa.DateTime(timezone=True), nullable=True),
    )
    op.add_column("notifications", sa.Column("workspace_id", sa.BigInteger(), nullable=True))
    op.create_foreign_key(
        "fk_notifications_workspace_id_workspaces", "notifications", "workspaces", ["workspace_id"], ["id"]
    )


def _workspace(*, primary_key: bool = False) -> sa.Column[int]:
    of = sa.ForeignKey("workspaces.id", ondelete="CASCADE")
    return sa.Column("workspace_id", sa.BigInteger(), of, primary_key=primary_key, autoincrement=False, nullable=False)


def downgrade() -> None:
    op.drop_column("notifications", "workspace_id")
    for table in ("destinations", "daily_costs", "expenses", "allowances"):
        op.drop_table(table)
