"""Store when the customer was notified that a number will be released; earlier notices count from now on."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.add_column("phone_numbers", sa.Column("noticed_at", sa.DateTime(timezone=True), nullable=True))
