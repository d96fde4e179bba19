"""Keep the day on which a person agreed, where a member noted it."""

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"


def upgrade() -> None:
    op.add_column("opt_ins", sa.Column("agreed_on", sa.Date(), nullable=True))


def downgrade() -> None:
    op.drop_column("opt_ins", "agreed_on")
