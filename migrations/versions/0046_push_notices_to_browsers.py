"""Push notices to browsers."""

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0045"


def upgrade() -> None:
    op.add_column("team_channels", sa.Column("sign_in_id", sa.BigInteger(), nullable=True))
    op.add_column("team_channels", sa.Column("push_keys", sa.LargeBinary(), nullable=True))
    op.add_column("team_channels", sa.Column("vapid_key", sa.String(88), nullable=True))
    op.add_column("team_channels", sa.Column("shows_words", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.create_index("ix_team_channels_sign_in_id", "team_channels", ["sign_in_id"])
    op.create_foreign_key(
        "fk_team_channels_sign_in_id_sign_ins",
        "team_channels",
        "sign_ins",
        ["sign_in_id"],
        ["id"],
        ondelete="CASCADE",
    )


def downgrade() -> None:
    op.execute("DELETE FROM team_channels WHERE sign_in_id IS NOT NULL")
    op.drop_constraint("fk_team_channels_sign_in_id_sign_ins", "team_channels")
    for column in ("shows_words", "vapid_key", "push_keys", "sign_in_id"):
        op.drop_column("team_channels", column)
