"""Call each phone of a ring group by itself."""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"


def upgrade() -> None:
    op.create_table(
        "ringings",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("tag", sa.String(32), nullable=False),
        sa.Column("line_id", sa.BigInteger(), nullable=False),
        sa.Column("carrier", sa.String(32), nullable=False),
        sa.Column("call_reference", sa.String(64), nullable=False),
        sa.Column("caller", sa.String(64), nullable=False),
        sa.Column("called", sa.String(16), nullable=False),
        sa.Column("shown", sa.String(16), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("node", sa.String(64), nullable=False),
        sa.Column("after", sa.BigInteger(), nullable=False),
        sa.Column("recorded", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deadline_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("taken_by", sa.BigInteger(), nullable=True),
        sa.Column("fetched_for", sa.String(32), nullable=True),
        sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_ringings"),
        sa.UniqueConstraint("tag", name="uq_ringings_tag"),
        sa.UniqueConstraint("call_reference", "node", "after", name="uq_ringings_call_reference_node_after"),
        sa.ForeignKeyConstraint(["line_id"], ["lines.id"], name="fk_ringings_line_id_lines", ondelete="CASCADE"),
    )
    op.create_index("ix_ringings_line_id", "ringings", ["line_id"])
    op.create_table(
        "call_legs",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("tag", sa.String(32), nullable=False),
        sa.Column("ringing_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.String(32), nullable=False),
        sa.Column("reference", sa.String(64), nullable=True),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("placed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_call_legs"),
        sa.UniqueConstraint("tag", name="uq_call_legs_tag"),
        sa.ForeignKeyConstraint(
            ["ringing_id"], ["ringings.id"], name="fk_call_legs_ringing_id_ringings", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_call_legs_ringing_id", "call_legs", ["ringing_id"])


def downgrade() -> None:
    op.drop_table("call_legs")
    op.drop_table("ringings")
