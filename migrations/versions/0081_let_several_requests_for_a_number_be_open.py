"""Let several requests of other operators for one number be open at once."""

import sqlalchemy as sa
from alembic import op

revision = "0081"
down_revision = "0080"

OPEN = sa.text("state IN ('asked', 'disputed')")


def upgrade() -> None:
    op.drop_index("uq_port_outs_open", "port_outs")
    columns = ["phone_number_id", "operator", "reference"]
    op.create_index("uq_port_outs_open", "port_outs", columns, unique=True, postgresql_where=OPEN)


def downgrade() -> None:
    op.drop_index("uq_port_outs_open", "port_outs")
    # the version before knows of one at a time: of several, the first stays open
    op.execute(
        """
        UPDATE port_outs later SET state = 'withdrawn', ended_at = now()
        WHERE state IN ('asked', 'disputed') AND EXISTS (
            SELECT FROM port_outs first
            WHERE first.phone_number_id = later.phone_number_id AND first.id < later.id
            AND first.state IN ('asked', 'disputed')
        )
        """
    )
    op.create_index("uq_port_outs_open", "port_outs", ["phone_number_id"], unique=True, postgresql_where=OPEN)
