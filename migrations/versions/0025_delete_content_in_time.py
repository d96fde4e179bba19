"""Count the bytes of greetings, and find the raw callbacks that are past their time."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"

KEPT = sa.text("read_at IS NOT NULL AND body <> ''")


def upgrade() -> None:
    op.add_column("recorded_greetings", sa.Column("size", sa.BigInteger(), server_default="0", nullable=False))
    op.create_index("ix_received_kept", "received", ["received_at"], postgresql_where=KEPT)


def downgrade() -> None:
    op.drop_index("ix_received_kept", "received")
    op.drop_column("recorded_greetings", "size")
