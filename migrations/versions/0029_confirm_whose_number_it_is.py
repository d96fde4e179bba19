"""Confirm whose number it is before a port is filed."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"


def upgrade() -> None:
    op.add_column("port_numbers", sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("port_projects", sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("port_projects", sa.Column("vouched_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "number_codes",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("workspace_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.String(16), nullable=False),
        sa.Column("way", sa.String(32), nullable=False),
        sa.Column("language", sa.String(32), nullable=False),
        sa.Column("nonce", sa.String(32), nullable=False),
        sa.Column("tries", sa.BigInteger(), nullable=False),
        sa.Column("refused", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_number_codes"),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name="fk_number_codes_workspace_id_workspaces"),
    )
    op.create_index("ix_number_codes_workspace_id", "number_codes", ["workspace_id"])
    op.create_index("ix_number_codes_number", "number_codes", ["number"])


def downgrade() -> None:
    op.drop_table("number_codes")
    op.drop_column("port_projects", "vouched_at")
    op.drop_column("port_projects", "claimed_at")
    op.drop_column("port_numbers", "confirmed_at")
