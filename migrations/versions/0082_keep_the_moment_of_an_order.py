"""Keep when the numbers of an order can come, where its carrier lets us choose, and what was chosen."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0082"
down_revision = "0081"
COLUMNS = ("windows", "on_demand", "chosen_at", "choice_refused")


def upgrade() -> None:
    op.add_column("carrier_orders", sa.Column("windows", JSONB(), server_default="[]", nullable=False))
    op.add_column("carrier_orders", sa.Column("on_demand", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("carrier_orders", sa.Column("chosen_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column(
        "carrier_orders", sa.Column("choice_refused", sa.Boolean(), server_default=sa.false(), nullable=False)
    )


def downgrade() -> None:
    for column in COLUMNS:
        op.drop_column("carrier_orders", column)
