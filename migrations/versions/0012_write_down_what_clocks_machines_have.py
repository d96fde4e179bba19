"""Write down how far the clock of each machine is from the database's."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.create_table(
        "node_clocks",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("node", sa.String(300), nullable=False),
        sa.Column("seconds_ahead", sa.Float(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_node_clocks"),
        sa.UniqueConstraint("node", name="uq_node_clocks_node"),
    )


def downgrade() -> None:
    op.drop_table("node_clocks")
