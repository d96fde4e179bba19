"""Let desks set their targets, people of desks their shifts and morning mail, and shifts leave notes for the next."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0075"
down_revision = "0074"


def upgrade() -> None:
    op.create_table(
        "desk_targets",
        sa.Column("desk", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("target", sa.String(length=32), nullable=False),
        sa.Column("days", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("desk", "target", name=op.f("pk_desk_targets")),
    )
    op.create_table(
        "desk_seats",
        sa.Column("user_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("morning_mail", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("mailed_on", sa.Date(), nullable=True),
        sa.Column("weekdays", postgresql.JSONB(), server_default="[]", nullable=False),
        sa.Column("begins", sa.Time(), server_default="09:00", nullable=False),
        sa.Column("ends", sa.Time(), server_default="17:00", nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_desk_seats_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_desk_seats")),
    )
    op.create_table(
        "desk_notes",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("author_id", sa.BigInteger(), nullable=True),
        sa.Column("words", sa.String(length=1000), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["author_id"], ["users.id"], name=op.f("fk_desk_notes_author_id_users"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_desk_notes")),
    )
    op.create_index("ix_desk_notes_open", "desk_notes", ["id"], postgresql_where=sa.text("done_at IS NULL"))


def downgrade() -> None:
    op.drop_table("desk_notes")
    op.drop_table("desk_seats")
    op.drop_table("desk_targets")
