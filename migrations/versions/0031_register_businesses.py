"""Register businesses at the carrier, each with a pool of its own for its numbers."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0031"
down_revision = "0030"


def upgrade() -> None:
    op.create_table(
        "businesses",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("workspace_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("legal_name", sa.String(200), nullable=False),
        sa.Column("trade_name", sa.String(100), nullable=False),
        sa.Column("legal_form", sa.String(32), nullable=True),
        sa.Column("industry", sa.String(32), nullable=True),
        sa.Column("tax_id", sa.LargeBinary(), nullable=True),
        sa.Column("street", sa.String(100), nullable=False),
        sa.Column("street2", sa.String(100), nullable=False),
        sa.Column("city", sa.String(100), nullable=False),
        sa.Column("region", sa.String(50), nullable=False),
        sa.Column("postal_code", sa.String(20), nullable=False),
        sa.Column("country", sa.String(2), nullable=False),
        sa.Column("website", sa.String(255), nullable=False),
        sa.Column("first_name", sa.String(100), nullable=False),
        sa.Column("last_name", sa.String(100), nullable=False),
        sa.Column("title", sa.String(100), nullable=False),
        sa.Column("email", sa.String(255), nullable=False),
        sa.Column("phone", sa.String(16), nullable=False),
        sa.Column("owner_mobile", sa.String(16), nullable=False),
        sa.Column("purpose", sa.String(32), nullable=True),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("flow", sa.Text(), nullable=False),
        sa.Column("samples", postgresql.JSONB(), nullable=False),
        sa.Column("help_text", sa.Text(), nullable=False),
        sa.Column("stop_text", sa.Text(), nullable=False),
        sa.Column("privacy_url", sa.String(255), nullable=False),
        sa.Column("terms_url", sa.String(255), nullable=False),
        sa.Column("opt_in_image", sa.String(255), nullable=False),
        sa.Column("texts_a_month", sa.BigInteger(), nullable=False),
        sa.Column("age_gated", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("slug", sa.String(80), nullable=True),
        sa.Column("language", sa.String(32), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("moves_on", sa.Date(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_businesses"),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name="fk_businesses_workspace_id_workspaces"),
        sa.UniqueConstraint("workspace_id", name="uq_businesses_workspace_id"),
        sa.UniqueConstraint("slug", name="uq_businesses_slug"),
    )
    op.create_table(
        "registrations",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("business_id", sa.BigInteger(), nullable=False),
        sa.Column("subject", sa.String(32), nullable=False),
        sa.Column("number", sa.String(64), nullable=False),
        sa.Column("carrier", sa.String(32), nullable=False),
        sa.Column("tag", sa.String(40), nullable=False),
        sa.Column("reference", sa.String(64), nullable=False),
        sa.Column("stage", sa.String(32), nullable=False),
        sa.Column("word", sa.String(64), nullable=False),
        sa.Column("objections", postgresql.JSONB(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_registrations"),
        sa.ForeignKeyConstraint(["business_id"], ["businesses.id"], name="fk_registrations_business_id_businesses"),
        sa.UniqueConstraint("tag", name="uq_registrations_tag"),
        sa.UniqueConstraint("business_id", "subject", "number", name="uq_registrations_business_id_subject_number"),
    )
    op.create_index("ix_registrations_reference", "registrations", ["reference"])
    op.create_table(
        "submissions",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("registration_id", sa.BigInteger(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("fee", sa.BigInteger(), nullable=False),
        sa.Column("paid", sa.BigInteger(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_submissions"),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registrations.id"], name="fk_submissions_registration_id_registrations"
        ),
        sa.UniqueConstraint("registration_id", "sequence", name="uq_submissions_registration_id_sequence"),
    )
    op.add_column("phone_numbers", sa.Column("pool", sa.String(64), server_default="", nullable=False))
    op.add_column("phone_numbers", sa.Column("moving_since", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("phone_numbers", "moving_since")
    op.drop_column("phone_numbers", "pool")
    for table in ("submissions", "registrations", "businesses"):
        op.drop_table(table)
