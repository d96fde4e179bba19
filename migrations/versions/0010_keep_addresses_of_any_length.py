"""Keep the addresses at which carriers keep media whatever their length: nobody promises that they are short."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    for table, column in (("pictures", "source_url"), ("calls", "voicemail_url"), ("calls", "recording_url")):
        op.alter_column(table, column, type_=sa.Text(), existing_type=sa.String(500))
