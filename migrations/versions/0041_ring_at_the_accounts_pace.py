"""Ring at the pace that the account allows."""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"


def upgrade() -> None:
    op.add_column("ringings", sa.Column("seconds", sa.BigInteger(), server_default="0", nullable=False))
    op.add_column("ringings", sa.Column("held_back", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("call_legs", sa.Column("place", sa.BigInteger(), server_default="0", nullable=False))
    op.create_index("ix_call_legs_waiting", "call_legs", ["place"], postgresql_where=sa.text("state = 'waiting'"))
    op.create_table(
        "call_paces",
        sa.Column("carrier", sa.String(32), nullable=False),
        sa.Column("free_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("carrier", name="pk_call_paces"),
    )


def downgrade() -> None:
    op.drop_table("call_paces")
    op.drop_index("ix_call_legs_waiting", "call_legs")
    op.drop_column("call_legs", "place")
    op.drop_column("ringings", "held_back")
    op.drop_column("ringings", "seconds")
