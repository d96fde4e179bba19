"""Keep when the operators were told of an alert; those that are there are known."""

import sqlalchemy as sa
from alembic import op

revision = "0058"
down_revision = "0057"


def upgrade() -> None:
    op.add_column("alerts", sa.Column("told_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE alerts SET told_at = made_at")


def downgrade() -> None:
    op.drop_column("alerts", "told_at")
