"""Let support look into a workspace for some hours, and keep which pages it saw."""

import sqlalchemy as sa
from alembic import op

revision = "0067"
down_revision = "0066"


def upgrade() -> None:
    op.create_table(
        "support_accesses",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("workspace_id", sa.BigInteger(), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspaces.id"],
            name=op.f("fk_support_accesses_workspace_id_workspaces"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_support_accesses")),
    )
    op.create_index(op.f("ix_support_accesses_workspace_id"), "support_accesses", ["workspace_id"])
    op.create_table(
        "support_views",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("access_id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=True),
        sa.Column("path", sa.String(length=500), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["access_id"],
            ["support_accesses.id"],
            name=op.f("fk_support_views_access_id_support_accesses"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_support_views_user_id_users"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_support_views")),
    )
    op.create_index(op.f("ix_support_views_access_id"), "support_views", ["access_id"])


def downgrade() -> None:
    op.drop_table("support_views")
    op.drop_table("support_accesses")
