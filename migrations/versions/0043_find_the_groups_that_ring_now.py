"""Find the groups that ring now."""

from alembic import op

revision = "0043"
down_revision = "0042"


def upgrade() -> None:
    op.create_index("ix_ringings_begun_at", "ringings", ["begun_at"])


def downgrade() -> None:
    op.drop_index("ix_ringings_begun_at", "ringings")
