"""Give both ends of calls out a call of their own, so that they can be held and passed on."""

import sqlalchemy as sa
from alembic import op

revision = "0072"
down_revision = "0071"


def upgrade() -> None:
    op.add_column("ringings", sa.Column("calls_out", sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    op.drop_column("ringings", "calls_out")
