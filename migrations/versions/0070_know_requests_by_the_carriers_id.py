"""Know other operators' requests by the carrier's id, where it tells of them by its API."""

import sqlalchemy as sa
from alembic import op

revision = "0070"
down_revision = "0069"


def upgrade() -> None:
    op.add_column("port_outs", sa.Column("reference", sa.String(64), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("port_outs", "reference")
