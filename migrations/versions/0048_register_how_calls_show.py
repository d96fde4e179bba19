"""Register how the calls of a business show."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0048"
down_revision = "0047"


def upgrade() -> None:
    op.add_column("businesses", sa.Column("caller_name", sa.String(15), server_default="", nullable=False))
    op.add_column("businesses", sa.Column("employees", sa.BigInteger(), server_default="0", nullable=False))
    op.add_column("businesses", sa.Column("calls_a_day", sa.BigInteger(), server_default="0", nullable=False))
    op.add_column("registrations", sa.Column("reason", sa.Text(), server_default="", nullable=False))
    op.add_column("registrations", sa.Column("numbers", postgresql.JSONB(), server_default="[]", nullable=False))


def downgrade() -> None:
    op.drop_column("registrations", "numbers")
    op.drop_column("registrations", "reason")
    op.drop_column("businesses", "calls_a_day")
    op.drop_column("businesses", "employees")
    op.drop_column("businesses", "caller_name")
