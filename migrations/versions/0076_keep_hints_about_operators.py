"""Keep what the desk knows of old operators, for their customers to read before they send a transfer."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0076"
down_revision = "0075"


def upgrade() -> None:
    op.create_table(
        "operator_hints",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("provider", sa.String(length=100), nullable=False),
        sa.Column("field", sa.String(length=32), nullable=False),
        sa.Column("signs", sa.String(length=20), nullable=False),
        sa.Column("words", postgresql.JSONB(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_operator_hints")),
    )
    op.create_index(op.f("ix_operator_hints_provider"), "operator_hints", ["provider"])


def downgrade() -> None:
    op.drop_table("operator_hints")
