"""Store carriers' addresses of media at any length, as no carrier guarantees that they are short."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    for table, column in ADDRESSES:
        op.alter_column(table, column, type_=sa.Text(), existing_type=sa.String(500))


def downgrade() -> None:
    """A longer address is kept in part: what it leads to was fetched long ago, or is given up."""
    for table, column in ADDRESSES:
        op.execute(f"UPDATE {table} SET {column} = left({column}, 500)")
        op.alter_column(table, column, type_=sa.String(500), existing_type=sa.Text())


ADDRESSES = (("pictures", "source_url"), ("calls", "voicemail_url"), ("calls", "recording_url"))
