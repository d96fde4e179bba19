"""Let newcomers wait for their number, and share numbers out among networks."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"


def upgrade() -> None:
    op.add_column("workspaces", sa.Column("waiting_since", sa.DateTime(timezone=True), nullable=True))
    op.add_column("workspaces", sa.Column("network", sa.String(50), server_default="", nullable=False))


def downgrade() -> None:
    op.drop_column("workspaces", "network")
    op.drop_column("workspaces", "waiting_since")
