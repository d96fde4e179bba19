"""Count what calls that come in cost by the phones that they ring."""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"


def upgrade() -> None:
    op.create_table(
        "call_expenses",
        sa.Column("call_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("workspace_id", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("amount", sa.Numeric(14, 5), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.PrimaryKeyConstraint("call_id", name="pk_call_expenses"),
        sa.ForeignKeyConstraint(["call_id"], ["calls.id"], name="fk_call_expenses_call_id_calls", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspaces.id"],
            name="fk_call_expenses_workspace_id_workspaces",
            ondelete="CASCADE",
        ),
    )
    op.add_column("allowances", sa.Column("forwards_stopped_until", sa.DateTime(timezone=True), nullable=True))
    op.add_column("allowances", sa.Column("phones_stopped_until", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("allowances", "phones_stopped_until")
    op.drop_column("allowances", "forwards_stopped_until")
    op.drop_table("call_expenses")
