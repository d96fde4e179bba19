"""Switch off channels of notices that keep failing, and find what waits for one of them."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"

UNSENT = sa.text("sent_at IS NULL")


def upgrade() -> None:
    op.add_column("team_channels", sa.Column("failures", sa.BigInteger(), server_default="0", nullable=False))
    op.add_column("team_channels", sa.Column("off_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index("ix_team_notices_unsent", "team_notices", ["member_id", "channel_id"], postgresql_where=UNSENT)


def downgrade() -> None:
    op.drop_index("ix_team_notices_unsent", "team_notices")
    op.drop_column("team_channels", "off_at")
    op.drop_column("team_channels", "failures")
