"""Allow a new port of a number that was returned to its old operator: the returned port no longer counts as open."""

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
