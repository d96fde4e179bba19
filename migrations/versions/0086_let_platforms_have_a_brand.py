"""Keep what a platform is called, where its people reach it, what may embed its pages, and what it may use."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0086"
down_revision = "0085"


def upgrade() -> None:
    op.add_column("platforms", sa.Column("most_numbers", sa.BigInteger(), nullable=True))
    op.add_column("platforms", sa.Column("most_texts", sa.BigInteger(), nullable=True))
    op.add_column("platforms", sa.Column("name", sa.String(length=20), server_default="", nullable=False))
    op.add_column("platforms", sa.Column("domain", sa.String(length=253), nullable=True))
    op.add_column("platforms", sa.Column("frames", postgresql.JSONB(), server_default="[]", nullable=False))
    op.create_unique_constraint(op.f("uq_platforms_domain"), "platforms", ["domain"])
    op.add_column("daily_costs", sa.Column("texts", sa.BigInteger(), server_default="0", nullable=False))


def downgrade() -> None:
    op.drop_column("daily_costs", "texts")
    op.drop_constraint(op.f("uq_platforms_domain"), "platforms")
    op.drop_column("platforms", "frames")
    op.drop_column("platforms", "domain")
    op.drop_column("platforms", "name")
    op.drop_column("platforms", "most_texts")
    op.drop_column("platforms", "most_numbers")
