"""Keep what jobs ask of carriers, and from which request to us a job follows."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0056"
down_revision = "0055"


def upgrade() -> None:
    op.create_table(
        "carrier_calls",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("task", sa.String(length=64), nullable=False),
        sa.Column("ids", postgresql.JSONB(), nullable=False),
        sa.Column("request", sa.String(length=64), nullable=False),
        sa.Column("verb", sa.String(length=8), nullable=False),
        sa.Column("host", sa.String(length=64), nullable=False),
        sa.Column("path", sa.String(length=200), nullable=False),
        sa.Column("status", sa.BigInteger(), nullable=False),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_carrier_calls")),
    )
    op.create_index(op.f("ix_carrier_calls_at"), "carrier_calls", ["at"])
    op.create_index(
        "ix_carrier_calls_ids",
        "carrier_calls",
        ["ids"],
        postgresql_using="gin",
        postgresql_ops={"ids": "jsonb_path_ops"},
    )
    op.execute("ALTER TABLE procrastinate_jobs ADD COLUMN request varchar(64)")


def downgrade() -> None:
    op.execute("ALTER TABLE procrastinate_jobs DROP COLUMN request")
    op.drop_table("carrier_calls")
