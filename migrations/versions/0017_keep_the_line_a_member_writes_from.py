"""Keep the line that a member usually calls and texts from."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    op.add_column("members", sa.Column("usual_line_id", sa.BigInteger(), nullable=True))
    op.create_foreign_key(
        "fk_members_usual_line_id", "members", "lines", ["usual_line_id"], ["id"], ondelete="SET NULL"
    )


def downgrade() -> None:
    op.drop_column("members", "usual_line_id")
