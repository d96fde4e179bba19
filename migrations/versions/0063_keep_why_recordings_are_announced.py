"""Keep why the other person heard that a call is recorded, or did not, and whether machines are listened for."""

import sqlalchemy as sa
from alembic import op

revision = "0063"
down_revision = "0062"


def upgrade() -> None:
    op.add_column("calls", sa.Column("announced_for", sa.String(length=16), server_default="", nullable=False))
    op.add_column("ringings", sa.Column("announced_for", sa.String(length=16), server_default="", nullable=False))
    op.add_column("ringings", sa.Column("spots_machines", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("ringings", sa.Column("announced_late", sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    op.drop_column("ringings", "announced_late")
    op.drop_column("ringings", "spots_machines")
    op.drop_column("ringings", "announced_for")
    op.drop_column("calls", "announced_for")
