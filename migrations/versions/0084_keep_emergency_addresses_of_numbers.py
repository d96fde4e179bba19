"""Keep where help is sent after an emergency call from a number, as the carrier has registered it."""

import sqlalchemy as sa
from alembic import op

revision = "0084"
down_revision = "0083"


def upgrade() -> None:
    op.add_column("phone_numbers", sa.Column("emergency_address", sa.String(250), server_default="", nullable=False))
    op.execute(
        """
        UPDATE phone_numbers SET emergency_address = registered.address
        FROM (
            SELECT DISTINCT ON (port_numbers.number) port_numbers.number,
                concat(evidence->>'street', ', ', evidence->>'city') AS address
            FROM cutover_steps JOIN port_numbers ON port_numbers.id = cutover_steps.port_number_id
            WHERE name = 'register_address' AND done_at IS NOT NULL AND evidence->>'street' <> ''
            ORDER BY port_numbers.number, done_at DESC
        ) AS registered
        WHERE registered.number = phone_numbers.number AND standing = 'held'
            AND role IN ('arriving', 'primary') AND released_at IS NULL
        """
    )


def downgrade() -> None:
    op.drop_column("phone_numbers", "emergency_address")
