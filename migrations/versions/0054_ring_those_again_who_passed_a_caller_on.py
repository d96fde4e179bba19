"""Keep who passed a caller on, whose phone rings again if nobody else takes the call."""

import sqlalchemy as sa
from alembic import op

revision = "0054"
down_revision = "0053"


def upgrade() -> None:
    op.add_column("ringings", sa.Column("passed_on_by", sa.String(32), server_default="", nullable=False))


def downgrade() -> None:
    op.drop_column("ringings", "passed_on_by")
