"""Let platforms open workspaces for their customers, and say what each of these may spend on a day."""

import sqlalchemy as sa
from alembic import op

revision = "0068"
down_revision = "0067"


def upgrade() -> None:
    op.create_table(
        "platforms",
        sa.Column("workspace_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("most", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspaces.id"],
            name=op.f("fk_platforms_workspace_id_workspaces"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("workspace_id", name=op.f("pk_platforms")),
    )
    op.create_table(
        "platform_workspaces",
        sa.Column("workspace_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("platform_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["platform_id"],
            ["platforms.workspace_id"],
            name=op.f("fk_platform_workspaces_platform_id_platforms"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspaces.id"],
            name=op.f("fk_platform_workspaces_workspace_id_workspaces"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("workspace_id", name=op.f("pk_platform_workspaces")),
    )
    op.create_index(op.f("ix_platform_workspaces_platform_id"), "platform_workspaces", ["platform_id"])
    op.add_column("allowances", sa.Column("most_a_day", sa.Numeric(precision=14, scale=5), nullable=True))


def downgrade() -> None:
    op.drop_column("allowances", "most_a_day")
    op.drop_index(op.f("ix_platform_workspaces_platform_id"), table_name="platform_workspaces")
    op.drop_table("platform_workspaces")
    op.drop_table("platforms")
