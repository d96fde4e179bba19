"""Remember restorations of backups, and look at the carrier for what they may have forgotten before sending it."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.create_table(
        "restorations",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("identity", sa.String(100), nullable=False),
        sa.Column("as_of", sa.DateTime(timezone=True)),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_restorations"),
    )
    op.add_column("ledger_entries", sa.Column("look_since", sa.DateTime(timezone=True)))


def downgrade() -> None:
    op.drop_column("ledger_entries", "look_since")
    op.drop_table("restorations")
