"""Keep since when a carrier no longer shows a number, and to which operator one has left."""

import sqlalchemy as sa
from alembic import op

revision = "0061"
down_revision = "0060"


def upgrade() -> None:
    op.add_column("phone_numbers", sa.Column("missing_since", sa.DateTime(timezone=True), nullable=True))
    op.add_column("phone_numbers", sa.Column("left_to", sa.String(100), server_default="", nullable=False))


def downgrade() -> None:
    op.drop_column("phone_numbers", "left_to")
    op.drop_column("phone_numbers", "missing_since")
