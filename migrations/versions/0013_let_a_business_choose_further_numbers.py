"""Let a business choose further numbers, name them and give them back."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.add_column("phone_numbers", sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("phone_numbers", sa.Column("name", sa.String(60), server_default="", nullable=False))
    op.create_table(
        "number_searches",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("workspace_id", sa.BigInteger(), nullable=False),
        sa.Column("carrier", sa.String(32), nullable=False),
        sa.Column("country", sa.String(2), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("area", sa.String(8), nullable=False),
        sa.Column("town", sa.String(60), nullable=False),
        sa.Column("contains", sa.String(16), nullable=False),
        sa.Column("found", postgresql.JSONB(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name="fk_number_searches_workspace_id"),
        sa.PrimaryKeyConstraint("id", name="pk_number_searches"),
    )
    op.create_index("ix_number_searches_workspace_id", "number_searches", ["workspace_id"])


def downgrade() -> None:
    op.drop_table("number_searches")
    op.drop_column("phone_numbers", "name")
    op.drop_column("phone_numbers", "ends_at")
