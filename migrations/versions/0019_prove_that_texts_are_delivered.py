"""Prove that texts are delivered: the registration they need, and whether a number carries any.

What was done before without that proof stays done.
"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"

SENDING_OF_LIVE_NUMBERS = """
    INSERT INTO cutover_steps (port_number_id, name, done_at, told_at, tries, trouble, evidence, made_at)
        SELECT port_number_id, 'prove_sending', done_at, told_at, 0, '', '{}', now()
        FROM cutover_steps JOIN port_numbers ON port_numbers.id = port_number_id
        WHERE state = 'live' AND name = 'change_sender' AND done_at IS NOT NULL
"""


def upgrade() -> None:
    op.add_column("cutovers", sa.Column("registration", sa.String(length=32), nullable=True))
    op.add_column("port_numbers", sa.Column("carries_texts", sa.Boolean(), server_default=sa.true(), nullable=False))
    op.execute("UPDATE cutovers SET registration = 'pending' WHERE unregistered")
    op.execute(SENDING_OF_LIVE_NUMBERS)


def downgrade() -> None:
    op.execute("DELETE FROM cutover_steps WHERE name = 'prove_sending'")
    op.drop_column("port_numbers", "carries_texts")
    op.drop_column("cutovers", "registration")
