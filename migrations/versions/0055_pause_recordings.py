"""Keep whether the recording of a talk pauses."""

import sqlalchemy as sa
from alembic import op

revision = "0055"
down_revision = "0054"


def upgrade() -> None:
    op.add_column("ringings", sa.Column("pause", sa.String(32), server_default="none", nullable=False))


def downgrade() -> None:
    op.drop_column("ringings", "pause")
