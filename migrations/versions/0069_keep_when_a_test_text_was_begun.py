"""Keep when the request to send a test text began, for carriers whose logs cannot tell whether it was sent."""

import sqlalchemy as sa
from alembic import op

revision = "0069"
down_revision = "0068"


def upgrade() -> None:
    op.add_column("cutover_steps", sa.Column("begun_at", sa.DateTime(timezone=True)))


def downgrade() -> None:
    op.drop_column("cutover_steps", "begun_at")
