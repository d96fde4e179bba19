"""Keep why carriers were passed over for a number."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0077"
down_revision = "0076"

TABLES = ("number_searches", "phone_numbers", "port_numbers")


def upgrade() -> None:
    for table in TABLES:
        op.add_column(table, sa.Column("passed_over", JSONB(), server_default="{}", nullable=False))


def downgrade() -> None:
    for table in TABLES:
        op.drop_column(table, "passed_over")
