"""Keep how long a leg was connected, by which it is counted."""

import sqlalchemy as sa
from alembic import op

revision = "0052"
down_revision = "0051"


def upgrade() -> None:
    op.add_column("call_legs", sa.Column("seconds", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    op.drop_column("call_legs", "seconds")
