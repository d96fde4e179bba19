"""Keep signed letters of workspaces that were erased."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0057"
down_revision = "0056"


def upgrade() -> None:
    op.create_table(
        "kept_letters",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("numbers", postgresql.JSONB(), nullable=False),
        sa.Column("signer", sa.String(length=100), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("pdf", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kept_letters")),
    )
    op.create_index(op.f("ix_kept_letters_signed_at"), "kept_letters", ["signed_at"])


def downgrade() -> None:
    op.drop_table("kept_letters")
