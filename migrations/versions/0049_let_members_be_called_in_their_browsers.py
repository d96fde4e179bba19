"""Let members be called in their browsers."""

import sqlalchemy as sa
from alembic import op

revision = "0049"
down_revision = "0048"


def upgrade() -> None:
    op.create_table(
        "browser_phones",
        sa.Column("member_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("number", sa.String(32), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("member_id", name="pk_browser_phones"),
        sa.UniqueConstraint("number", name="uq_browser_phones_number"),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.id"], name="fk_browser_phones_member_id_members", ondelete="CASCADE"
        ),
    )


def downgrade() -> None:
    op.execute("DELETE FROM phones WHERE number LIKE 'browser:%'")
    op.drop_table("browser_phones")
