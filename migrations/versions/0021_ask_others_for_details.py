"""Ask people outside a workspace for details of a draft."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    op.create_table(
        "details_requests",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("project_id", sa.BigInteger(), nullable=False),
        sa.Column("email", sa.String(255), nullable=False),
        sa.Column("fields", postgresql.JSONB(), nullable=False),
        sa.Column("given", postgresql.JSONB(), nullable=False),
        sa.Column("asked_by", sa.BigInteger(), nullable=True),
        sa.Column("nonce", sa.String(20), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["project_id"], ["port_projects.id"], name="fk_details_requests_project_id"),
        sa.ForeignKeyConstraint(["asked_by"], ["users.id"], name="fk_details_requests_asked_by", ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name="pk_details_requests"),
    )
    op.create_index("ix_details_requests_project_id", "details_requests", ["project_id"])


def downgrade() -> None:
    op.drop_table("details_requests")
