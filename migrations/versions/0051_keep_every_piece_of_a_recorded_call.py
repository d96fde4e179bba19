"""Keep every piece of a recorded call."""

import sqlalchemy as sa
from alembic import op

revision = "0051"
down_revision = "0050"


def upgrade() -> None:
    op.create_table(
        "recorded_pieces",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("call_id", sa.BigInteger(), nullable=False),
        sa.Column("reference", sa.String(64), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("seconds", sa.BigInteger(), nullable=False),
        sa.Column("media_type", sa.String(100), server_default="", nullable=False),
        sa.Column("media", sa.String(32), server_default="", nullable=False),
        sa.Column("peaks", sa.LargeBinary(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_recorded_pieces"),
        sa.UniqueConstraint("reference", name="uq_recorded_pieces_reference"),
        sa.ForeignKeyConstraint(["call_id"], ["calls.id"], name="fk_recorded_pieces_call_id_calls", ondelete="CASCADE"),
    )
    op.create_index("ix_recorded_pieces_call_id", "recorded_pieces", ["call_id"])


def downgrade() -> None:
    op.drop_table("recorded_pieces")
