"""Ask a colleague into a call, and find the groups that ring now."""

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"


def upgrade() -> None:
    op.create_index("ix_ringings_begun_at", "ringings", ["begun_at"])
    op.add_column("call_legs", sa.Column("joins", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("call_legs", sa.Column("joined_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("call_legs", "joined_at")
    op.drop_column("call_legs", "joins")
    op.drop_index("ix_ringings_begun_at", "ringings")
