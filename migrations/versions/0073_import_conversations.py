"""Import conversations from other services, and keep what was made of each file, so that it can be undone."""

import sqlalchemy as sa
from alembic import op

revision = "0073"
down_revision = "0072"

COUNTS = ("entries", "read", "texts", "calls", "left_out")
MADE = ("message", "call", "conversation", "contact")


def upgrade() -> None:
    op.create_table(
        "history_imports",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("workspace_id", sa.BigInteger(), nullable=False),
        sa.Column("line_id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=True),
        sa.Column("file_name", sa.String(100), nullable=False),
        sa.Column("media", sa.String(32), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in COUNTS),
        sa.Column("trouble", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name=op.f("fk_history_imports_workspace_id_workspaces")
        ),
        sa.ForeignKeyConstraint(["line_id"], ["lines.id"], name=op.f("fk_history_imports_line_id_lines")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_history_imports_user_id_users"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_history_imports")),
    )
    op.create_index("ix_history_imports_workspace", "history_imports", ["workspace_id", sa.text("id DESC")])
    for column in ("line_id", "user_id"):
        op.create_index(op.f(f"ix_history_imports_{column}"), "history_imports", [column])
    op.create_table(
        "imported_rows",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("import_id", sa.BigInteger(), nullable=False),
        *(sa.Column(f"{one}_id", sa.BigInteger(), nullable=True) for one in MADE),
        sa.ForeignKeyConstraint(
            ["import_id"],
            ["history_imports.id"],
            name=op.f("fk_imported_rows_import_id_history_imports"),
            ondelete="CASCADE",
        ),
        *(
            sa.ForeignKeyConstraint(
                [f"{one}_id"], [f"{one}s.id"], name=op.f(f"fk_imported_rows_{one}_id_{one}s"), ondelete="CASCADE"
            )
            for one in MADE
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imported_rows")),
        *(sa.UniqueConstraint(f"{one}_id", name=op.f(f"uq_imported_rows_{one}_id")) for one in MADE),
    )
    op.create_index(op.f("ix_imported_rows_import_id"), "imported_rows", ["import_id"])


def downgrade() -> None:
    op.drop_table("imported_rows")
    op.drop_table("history_imports")
