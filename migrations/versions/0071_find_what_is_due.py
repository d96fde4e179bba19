"""Find what is due among all that waits: jobs, ports by state and date, secrets of ended transfers, numbers we hold.

An index is made beside the service's work, outside a transaction, and one that was not finished is begun again.
"""

from typing import Any, NamedTuple

import sqlalchemy as sa
from alembic import op

revision = "0071"
down_revision = "0070"


class Index(NamedTuple):
    """An index of a table; `where` limits it to some rows, `using` is a kind other than a tree."""

    table: str
    columns: tuple[str, ...]
    where: str | None = None
    using: str = "btree"


INDEXES = {
    # a hash takes ids of any length
    "ix_procrastinate_jobs_args": Index("procrastinate_jobs", ("args",), "status = 'todo'", "hash"),
    "ix_procrastinate_jobs_due": Index("procrastinate_jobs", ("queue_name", "scheduled_at", "id"), "status = 'todo'"),
    "ix_port_numbers_state_committed_on": Index("port_numbers", ("state", "committed_on")),
    "ix_port_numbers_state_since": Index("port_numbers", ("state", "since")),
    "ix_port_projects_secret": Index(
        "port_projects", ("id",), "pin IS NOT NULL OR account_number IS NOT NULL OR subscriber_id IS NOT NULL"
    ),
    "ix_phone_numbers_held": Index("phone_numbers", ("number",), "standing = 'held'"),
}


def upgrade() -> None:
    with op.get_context().autocommit_block():
        for name, index in INDEXES.items():
            _make(name, index)
        op.drop_index("ix_port_numbers_state", "port_numbers", if_exists=True, postgresql_concurrently=True)


def _make(name: str, index: Index) -> None:
    where: dict[str, Any] = {"postgresql_where": sa.text(index.where)} if index.where else {}
    op.drop_index(name, index.table, if_exists=True, postgresql_concurrently=True)
    op.create_index(
        name, index.table, list(index.columns), postgresql_using=index.using, postgresql_concurrently=True, **where
    )


def downgrade() -> None:
    op.create_index("ix_port_numbers_state", "port_numbers", ["state"])
    for name, index in INDEXES.items():
        op.drop_index(name, index.table)
