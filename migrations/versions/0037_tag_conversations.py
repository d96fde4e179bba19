"""Tag conversations, keep what is typed on every device, import contacts, and know their company and e-mail.

The words by which contacts are found are computed anew, which rewrites that table.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0037"
down_revision = "0036"

BEFORE = "to_tsvector('simple'::regconfig, name || ' ' || notes)"
AFTER = "to_tsvector('simple'::regconfig, name || ' ' || notes || ' ' || company || ' ' || email)"


def upgrade() -> None:
    op.add_column("contacts", sa.Column("company", sa.String(100), server_default="", nullable=False))
    op.add_column("contacts", sa.Column("email", sa.String(255), server_default="", nullable=False))
    _compute_words(AFTER)
    op.add_column("users", sa.Column("enter_sends", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.create_table(
        "tags",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("workspace_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(40), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_tags"),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name="fk_tags_workspace_id_workspaces"),
        sa.UniqueConstraint("workspace_id", "name", name="uq_tags_workspace_id_name"),
    )
    op.create_table(
        "conversation_tags",
        sa.Column("conversation_id", sa.BigInteger(), nullable=False),
        sa.Column("tag_id", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("conversation_id", "tag_id", name="pk_conversation_tags"),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name="fk_conversation_tags_conversation_id_conversations",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["tag_id"], ["tags.id"], name="fk_conversation_tags_tag_id_tags", ondelete="CASCADE"),
    )
    op.create_index("ix_conversation_tags_tag_id", "conversation_tags", ["tag_id"])
    op.create_table(
        "unsent_words",
        sa.Column("conversation_id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("answer", sa.Text(), server_default="", nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("conversation_id", "user_id", name="pk_unsent_words"),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name="fk_unsent_words_conversation_id_conversations",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_unsent_words_user_id_users", ondelete="CASCADE"),
    )
    op.create_index("ix_unsent_words_user_id", "unsent_words", ["user_id"])
    op.create_table(
        "contact_imports",
        sa.Column("workspace_id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("cards", postgresql.JSONB(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "user_id", name="pk_contact_imports"),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name="fk_contact_imports_workspace_id_workspaces"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_contact_imports_user_id_users", ondelete="CASCADE"),
    )
    op.create_index("ix_contact_imports_user_id", "contact_imports", ["user_id"])


def downgrade() -> None:
    op.drop_table("contact_imports")
    op.drop_table("unsent_words")
    op.drop_table("conversation_tags")
    op.drop_table("tags")
    op.drop_column("users", "enter_sends")
    _compute_words(BEFORE)
    op.drop_column("contacts", "email")
    op.drop_column("contacts", "company")


def _compute_words(expression: str) -> None:
    op.drop_column("contacts", "words")
    words = sa.Column("words", postgresql.TSVECTOR(), sa.Computed(expression, persisted=True), nullable=False)
    op.add_column("contacts", words)
    op.create_index("ix_contacts_words", "contacts", ["words"], postgresql_using="gin")
