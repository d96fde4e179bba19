"""Keep what the desk, customers and carriers write about a transfer, and who of the desk did what."""

import sqlalchemy as sa
from alembic import op

revision = "0079"
down_revision = "0078"


def upgrade() -> None:
    op.create_table(
        "desk_log",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("project_id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=True),
        sa.Column("act", sa.String(length=32), nullable=False),
        sa.Column("details", sa.dialects.postgresql.JSONB(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        _of_project("desk_log"),
        _of_user("desk_log", "user_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_desk_log")),
    )
    op.create_index(op.f("ix_desk_log_project_id"), "desk_log", ["project_id"])
    op.create_table(
        "desk_comments",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("project_id", sa.BigInteger(), nullable=False),
        sa.Column("author_id", sa.BigInteger(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        _of_project("desk_comments"),
        _of_user("desk_comments", "author_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_desk_comments")),
    )
    op.create_index(op.f("ix_desk_comments_project_id"), "desk_comments", ["project_id"])
    op.create_table(
        "desk_mentions",
        sa.Column("comment_id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("mailed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["comment_id"],
            ["desk_comments.id"],
            name=op.f("fk_desk_mentions_comment_id_desk_comments"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_desk_mentions_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("comment_id", "user_id", name=op.f("pk_desk_mentions")),
    )
    op.create_index(op.f("ix_desk_mentions_user_id"), "desk_mentions", ["user_id"])
    op.create_table(
        "transfer_messages",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("project_id", sa.BigInteger(), nullable=False),
        sa.Column("author_id", sa.BigInteger(), nullable=True),
        sa.Column("from_desk", sa.Boolean(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        _of_project("transfer_messages"),
        _of_user("transfer_messages", "author_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transfer_messages")),
    )
    op.create_index(op.f("ix_transfer_messages_project_id"), "transfer_messages", ["project_id"])
    op.create_table(
        "desk_questions",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("project_id", sa.BigInteger(), nullable=False),
        sa.Column("asker_id", sa.BigInteger(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("fields", sa.dialects.postgresql.JSONB(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by", sa.BigInteger(), nullable=True),
        sa.Column("taken_back_at", sa.DateTime(timezone=True), nullable=True),
        _of_project("desk_questions"),
        _of_user("desk_questions", "asker_id"),
        _of_user("desk_questions", "answered_by"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_desk_questions")),
    )
    op.create_index(op.f("ix_desk_questions_project_id"), "desk_questions", ["project_id"])
    op.create_index(
        "uq_desk_questions_open",
        "desk_questions",
        ["project_id"],
        unique=True,
        postgresql_where=sa.text("answered_at IS NULL AND taken_back_at IS NULL"),
    )
    op.create_table(
        "order_comments",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("order_id", sa.BigInteger(), nullable=False),
        sa.Column("reference", sa.String(length=64), nullable=False),
        sa.Column("author_id", sa.BigInteger(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["order_id"],
            ["carrier_orders.id"],
            name=op.f("fk_order_comments_order_id_carrier_orders"),
            ondelete="CASCADE",
        ),
        _of_user("order_comments", "author_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_comments")),
    )
    op.create_index(op.f("ix_order_comments_order_id"), "order_comments", ["order_id"])
    op.create_index(
        "uq_order_comments_reference",
        "order_comments",
        ["order_id", "reference"],
        unique=True,
        postgresql_where=sa.text("reference <> ''"),
    )


def _of_user(table: str, column: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_users")
    return sa.ForeignKeyConstraint([column], ["users.id"], name=name, ondelete="SET NULL")


def _of_project(table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_project_id_port_projects")
    return sa.ForeignKeyConstraint(["project_id"], ["port_projects.id"], name=name, ondelete="CASCADE")


def downgrade() -> None:
    op.drop_table("order_comments")
    op.drop_table("desk_questions")
    op.drop_table("transfer_messages")
    op.drop_table("desk_mentions")
    op.drop_table("desk_comments")
    op.drop_table("desk_log")
