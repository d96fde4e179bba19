"""Keep who agreed to texts, and let notices be about a workspace."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0039"
down_revision = "0038"


def upgrade() -> None:
    op.add_column("businesses", sa.Column("ways", postgresql.JSONB(), server_default="[]", nullable=False))
    op.create_table(
        "opt_ins",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("workspace_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.String(32), nullable=False),
        sa.Column("way", sa.String(32), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("shown", sa.String(255), nullable=False),
        sa.Column("network", sa.String(64), nullable=False),
        sa.Column("noted_by", sa.BigInteger(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_opt_ins"),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name="fk_opt_ins_workspace_id_workspaces"),
        sa.ForeignKeyConstraint(["noted_by"], ["users.id"], name="fk_opt_ins_noted_by_users", ondelete="SET NULL"),
    )
    op.create_index("ix_opt_ins_of_number", "opt_ins", ["workspace_id", "number"])
    op.alter_column("notifications", "project_id", existing_type=sa.BigInteger(), nullable=True)
    op.create_index(
        "uq_notifications_of_workspace",
        "notifications",
        ["workspace_id", "kind", "version", "channel"],
        unique=True,
        postgresql_where=sa.text("project_id IS NULL"),
    )


def downgrade() -> None:
    op.drop_index("uq_notifications_of_workspace", "notifications")
    op.execute("DELETE FROM notifications WHERE project_id IS NULL")
    op.alter_column("notifications", "project_id", existing_type=sa.BigInteger(), nullable=False)
    op.drop_table("opt_ins")
    op.drop_column("businesses", "ways")
