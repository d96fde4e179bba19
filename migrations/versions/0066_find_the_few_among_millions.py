"""Find the few among millions: entries that are parked, numbers that came or went live lately.

An index is made beside the service's work, outside a transaction, and one that was not finished is begun again.
"""

import sqlalchemy as sa
from alembic import op

revision = "0066"
down_revision = "0065"

INDEXES = {
    "ix_ledger_entries_parked": ("ledger_entries", "kind", sa.text("progress = 'parked'")),
    "ix_port_numbers_ported_at": ("port_numbers", "ported_at", None),
    "ix_port_history_at": ("port_history", "at", None),
}


def upgrade() -> None:
    with op.get_context().autocommit_block():
        for name, (table, column, where) in INDEXES.items():
            op.drop_index(name, table, if_exists=True, postgresql_concurrently=True)
            op.create_index(name, table, [column], postgresql_where=where, postgresql_concurrently=True)


def downgrade() -> None:
    for name, (table, _, _) in INDEXES.items():
        op.drop_index(name, table)
