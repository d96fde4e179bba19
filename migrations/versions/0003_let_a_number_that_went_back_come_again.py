"""Let a number that went back to its old operator come again: that port of it is open no more."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.drop_index("uq_port_numbers_open", table_name="port_numbers")
    op.create_index(
        "uq_port_numbers_open",
        "port_numbers",
        ["number"],
        unique=True,
        postgresql_where=sa.text("state NOT IN ('draft', 'live', 'returned', 'canceled', 'expired', 'not_portable')"),
    )
