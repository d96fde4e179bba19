"""Keep browsers off the lines where they were removed by hand."""

import sqlalchemy as sa
from alembic import op

revision = "0050"
down_revision = "0049"


def upgrade() -> None:
    op.create_table(
        "browsers_off",
        sa.Column("member_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("line_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("member_id", "line_id", name="pk_browsers_off"),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.id"], name="fk_browsers_off_member_id_members", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["line_id"], ["lines.id"], name="fk_browsers_off_line_id_lines", ondelete="CASCADE"),
    )
    op.create_index("ix_browsers_off_line_id", "browsers_off", ["line_id"])


def downgrade() -> None:
    op.drop_table("browsers_off")
