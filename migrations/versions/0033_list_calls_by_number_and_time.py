"""List calls by number and time, without holding up those that come in meanwhile.

An index is made beside the service's work, outside a transaction, and one that was not finished is begun again.
"""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"

LOG = ["number", sa.text("at DESC"), sa.text("id DESC")]
VOICEMAIL = sa.text("outcome = 'voicemail'")


def upgrade() -> None:
    with op.get_context().autocommit_block():
        for name in ("ix_calls_log", "ix_calls_voicemail"):
            op.drop_index(name, "calls", if_exists=True, postgresql_concurrently=True)
        op.create_index("ix_calls_log", "calls", LOG, postgresql_concurrently=True)
        op.create_index(
            "ix_calls_voicemail", "calls", LOG[:2], postgresql_where=VOICEMAIL, postgresql_concurrently=True
        )


def downgrade() -> None:
    op.drop_index("ix_calls_voicemail", "calls")
    op.drop_index("ix_calls_log", "calls")
