"""Keep which steps of a number's return to its old operator the desk has done."""

import sqlalchemy as sa
from alembic import op

revision = "0080"
down_revision = "0079"


def upgrade() -> None:
    op.create_table(
        "snapback_checks",
        sa.Column("port_number_id", sa.BigInteger(), nullable=False),
        sa.Column("step", sa.String(length=32), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_by", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["port_number_id"],
            ["port_numbers.id"],
            name=op.f("fk_snapback_checks_port_number_id_port_numbers"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["done_by"], ["users.id"], name=op.f("fk_snapback_checks_done_by_users"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("port_number_id", "step", name=op.f("pk_snapback_checks")),
    )


def downgrade() -> None:
    op.drop_table("snapback_checks")
