"""Keep the PIN that another operator has to name for a number, where each number has its own."""

import sqlalchemy as sa
from alembic import op

revision = "0085"
down_revision = "0084"


def upgrade() -> None:
    op.add_column("phone_numbers", sa.Column("port_out_pin", sa.LargeBinary(), nullable=True))
    op.add_column("phone_numbers", sa.Column("pin_set_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("phone_numbers", "pin_set_at")
    op.drop_column("phone_numbers", "port_out_pin")
