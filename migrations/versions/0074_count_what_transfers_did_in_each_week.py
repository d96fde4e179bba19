"""Count what transfers did in each week; the clock counts the last year with its first tick."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0074"
down_revision = "0073"


def upgrade() -> None:
    op.create_table(
        "port_weeks",
        sa.Column("carrier", sa.String(length=32), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("provider", sa.String(length=100), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("arrived", sa.BigInteger(), nullable=False),
        sa.Column("right_first", sa.BigInteger(), nullable=False),
        sa.Column("wished", sa.BigInteger(), nullable=False),
        sa.Column("wished_kept", sa.BigInteger(), nullable=False),
        sa.Column("promised", sa.BigInteger(), nullable=False),
        sa.Column("promised_kept", sa.BigInteger(), nullable=False),
        sa.Column("filed_to_date", postgresql.JSONB(), nullable=False),
        sa.Column("date_to_arrival", postgresql.JSONB(), nullable=False),
        sa.Column("filed_to_arrival", postgresql.JSONB(), nullable=False),
        sa.Column("rejected", postgresql.JSONB(), nullable=False),
        sa.Column("lost", postgresql.JSONB(), nullable=False),
        sa.PrimaryKeyConstraint("carrier", "country", "kind", "provider", "week", name=op.f("pk_port_weeks")),
    )
    op.create_index("ix_port_weeks_week", "port_weeks", ["week"])


def downgrade() -> None:
    op.drop_table("port_weeks")
