"""Text proven contacts only."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"

KNOWN = """
    INSERT INTO proven_numbers (workspace_id, number, proven_at)
    SELECT workspace_id, number, min(proven_at) FROM (
        SELECT port_projects.workspace_id, port_numbers.number,
                coalesce(port_numbers.confirmed_at, port_numbers.ported_at) AS proven_at
            FROM port_numbers JOIN port_projects ON port_projects.id = port_numbers.project_id
        UNION ALL
        SELECT lines.workspace_id, own_numbers.number, own_numbers.proven_at
            FROM own_numbers JOIN lines ON lines.id = own_numbers.line_id
    ) AS shown
    WHERE proven_at IS NOT NULL
    GROUP BY workspace_id, number
"""
"""The numbers that were shown to be a workspace's before: by a code to them, on a call for one, or by their port."""


def upgrade() -> None:
    op.create_table(
        "proven_numbers",
        sa.Column("workspace_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("number", sa.String(16), nullable=False),
        sa.Column("proven_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "number", name="pk_proven_numbers"),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspaces.id"],
            name="fk_proven_numbers_workspace_id_workspaces",
            ondelete="CASCADE",
        ),
    )
    op.add_column("number_codes", sa.Column("purpose", sa.String(32), server_default="move", nullable=False))
    op.execute(KNOWN)


def downgrade() -> None:
    op.drop_column("number_codes", "purpose")
    op.drop_table("proven_numbers")
