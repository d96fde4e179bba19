"""Have each number that is brought along come to a line of its own choice."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    op.add_column("port_numbers", sa.Column("chosen_line_id", sa.BigInteger(), nullable=True))
    op.add_column("port_numbers", sa.Column("opens_line", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.create_foreign_key("fk_port_numbers_chosen_line_id", "port_numbers", "lines", ["chosen_line_id"], ["id"])
    op.create_index("ix_port_numbers_chosen_line_id", "port_numbers", ["chosen_line_id"])


def downgrade() -> None:
    op.drop_column("port_numbers", "opens_line")
    op.drop_column("port_numbers", "chosen_line_id")
