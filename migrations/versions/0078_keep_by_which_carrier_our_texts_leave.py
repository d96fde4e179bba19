"""Keep by which carrier our own texts leave."""

import sqlalchemy as sa
from alembic import op

revision = "0078"
down_revision = "0077"

TABLES = ("notifications", "number_codes")


def upgrade() -> None:
    for table in TABLES:
        op.add_column(table, sa.Column("carrier", sa.String(32), server_default="", nullable=False))


def downgrade() -> None:
    for table in TABLES:
        op.drop_column(table, "carrier")
