"""Keep what kind of line the contact's phone of a registration is, as it was looked up."""

import sqlalchemy as sa
from alembic import op

revision = "0047"
down_revision = "0046"


def upgrade() -> None:
    op.add_column("submissions", sa.Column("phone", sa.String(16), server_default="", nullable=False))
    op.add_column("submissions", sa.Column("phone_line", sa.String(32), nullable=True))


def downgrade() -> None:
    op.drop_column("submissions", "phone_line")
    op.drop_column("submissions", "phone")
