"""Keep until when a number is unlocked, and the requests of other operators for numbers."""

import sqlalchemy as sa
from alembic import op

revision = "0065"
down_revision = "0064"


def upgrade() -> None:
    op.add_column("phone_numbers", sa.Column("unlocked_until", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "port_outs",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("phone_number_id", sa.BigInteger(), nullable=False),
        sa.Column("operator", sa.String(100), nullable=False),
        sa.Column("leaves_on", sa.Date(), nullable=True),
        sa.Column("locked", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("disputed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["phone_number_id"], ["phone_numbers.id"], name=op.f("fk_port_outs_phone_number_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_port_outs")),
    )
    op.create_index(op.f("ix_port_outs_phone_number_id"), "port_outs", ["phone_number_id"])
    op.create_index(
        "uq_port_outs_open",
        "port_outs",
        ["phone_number_id"],
        unique=True,
        postgresql_where=sa.text("state IN ('asked', 'disputed')"),
    )


def downgrade() -> None:
    op.drop_table("port_outs")
    op.drop_column("phone_numbers", "unlocked_until")
