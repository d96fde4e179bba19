"""Sign in with a second step: passkeys, authenticator apps and recovery codes."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    op.add_column("workspaces", sa.Column("second_step", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("sign_ins", sa.Column("second_step", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.create_table(
        "passkeys",
        *_of_a_person("passkeys"),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("credential", sa.LargeBinary(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("credential", name="uq_passkeys_credential"),
    )
    op.create_index("ix_passkeys_user_id", "passkeys", ["user_id"])
    op.create_table(
        "authenticator_apps",
        *_of_a_person("authenticator_apps"),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("confirmed", sa.Boolean(), nullable=False),
        sa.Column("last_step", sa.BigInteger(), nullable=False),
        sa.UniqueConstraint("user_id", name="uq_authenticator_apps_user_id"),
    )
    op.create_table(
        "recovery_codes", *_of_a_person("recovery_codes"), sa.Column("digest", sa.String(64), nullable=False)
    )
    op.create_index("ix_recovery_codes_user_id", "recovery_codes", ["user_id"])


def downgrade() -> None:
    for table in ("recovery_codes", "authenticator_apps", "passkeys"):
        op.drop_table(table)
    op.drop_column("sign_ins", "second_step")
    op.drop_column("workspaces", "second_step")


def _of_a_person(table: str) -> tuple[sa.schema.SchemaItem, ...]:
    person = f"fk_{table}_user_id_users"
    return (
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=person, ondelete="CASCADE"),
    )
