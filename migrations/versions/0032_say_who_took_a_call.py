"""Keep who took a call, the wave of its recording, and when its voicemail was first played or read."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"


def upgrade() -> None:
    op.add_column("calls", sa.Column("answered_by_id", sa.BigInteger(), nullable=True))
    op.create_foreign_key("fk_calls_answered_by_id", "calls", "users", ["answered_by_id"], ["id"], ondelete="SET NULL")
    op.add_column("calls", sa.Column("answered_on", sa.String(32), server_default="", nullable=False))
    op.add_column("calls", sa.Column("peaks", sa.LargeBinary(), server_default="", nullable=False))
    op.add_column("calls", sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE calls SET seen_at = now() WHERE outcome = 'voicemail'")


def downgrade() -> None:
    op.drop_column("calls", "seen_at")
    op.drop_column("calls", "peaks")
    op.drop_column("calls", "answered_on")
    op.drop_column("calls", "answered_by_id")
